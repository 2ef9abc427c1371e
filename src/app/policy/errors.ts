import { defineErrors } from '../../core/error.js';

/** What keeps the policy from judging. */
export const policyErrors = defineErrors({
  'manifest-syntax': {
    title: 'A manifest is not valid YAML',
    exit: 'usage',
    explain: `The file cannot be read as YAML or JSON. Templates of charts are neither: render the chart first (\`helm template\`) and give the result.`,
  },
  'manifest-no-object': {
    title: 'A document of a manifest is no Kubernetes object',
    exit: 'usage',
    explain: `Every document of a manifest has \`apiVersion\`, \`kind\` and \`metadata.name\`. Values of charts and other YAML files do not belong among the
files that are judged.`,
  },
  'manifest-unreadable': {
    title: 'A file of manifests cannot be read',
    exit: 'usage',
    explain:
      'The file or folder does not exist, or may not be read. Folders are read with all their .yaml, .yml and .json files.',
  },
  'policy-nothing-given': {
    title: 'The policy was given nothing to judge',
    exit: 'usage',
    explain: `Name files or folders (\`drover policy deploy/\`), \`-\` for standard input (\`helm template … | drover policy -\`), or \`--live\` for the objects of
the cluster of the spec.`,
  },
});
