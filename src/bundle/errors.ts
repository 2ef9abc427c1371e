import { defineErrors } from '../core/error.js';

/** What can be wrong with a bundle, and with carrying objects. */
export const bundleErrors = defineErrors({
  'bundle-missing': {
    title: 'There is no bundle in the folder',
    exit: 'usage',
    explain:
      'A bundle is a folder with `bundle.json`, made by `drover export`. The index is written last: a folder without it is none, or an export into it did not end. Export again.',
  },
  'bundle-unreadable': {
    title: 'The index of a bundle cannot be read',
    exit: 'failure',
    explain:
      'The file is cut short, was edited, or was written by another major version of Drover. Put it back from version control, or export again.',
  },
  'bundle-tampered': {
    title: 'A bundle is not as it was exported',
    exit: 'failure',
    explain:
      'The index holds a digest of every file, a digest of the whole, and a code that only somebody who can read the bundle can make. A file is missing, was added, changed or swapped. Nothing of a bundle is used while that is so. Put the files back, or export again; values of Secrets are changed with `drover secrets edit`.',
  },
  'bundle-key': {
    title: 'This identity cannot open the bundle',
    exit: 'auth',
    explain:
      'The key of a bundle is encrypted with age for the recipients of the spec and of whoever exported it. Use the identity of one of them, or let one of them export again with your public key in `spec.secrets.recipients`.',
  },
  'bundle-folder': {
    title: 'A folder cannot take a bundle',
    exit: 'usage',
    explain:
      'An export writes into a folder that is new, empty or holds a bundle already: anything else in it might be lost. Name another folder with `-o`.',
  },
  'bundle-write': {
    title: 'The bundle cannot be written',
    exit: 'failure',
    explain:
      'The disk is full or the folder may not be written. An earlier bundle in the folder is still whole unless the message says otherwise.',
  },
  'export-api': {
    title: 'The objects of a cluster cannot be read',
    exit: 'kubernetes',
    explain:
      'The API answered with an error while its objects were listed. Nothing was written. The message names the kind and what the API said.',
  },
  'export-forbidden': {
    title: 'Kinds of the source may not be read',
    exit: 'auth',
    explain:
      'The account may not list these kinds, so a bundle would be incomplete without anybody noticing. Give it `get` and `list`, use another context, or leave the kinds out with `--exclude KIND`.',
  },
  'export-moving': {
    title: 'The history of the source is too short for a consistent export',
    exit: 'kubernetes',
    explain:
      'All lists are read at one version of the API’s store, so that they fit together. The server forgot that version (it keeps five minutes) before the lists were read, three times. Export fewer namespaces at once, or raise the interval of compaction.',
  },
  'cluster-identity': {
    title: 'This is another cluster than the spec names',
    exit: 'preflight',
    explain:
      'The spec pins the UID of the namespace kube-system, which no two clusters share. The context leads to a cluster with another one. Nothing was done.',
  },
  'cluster-access': {
    title: 'There is no way to a cluster',
    exit: 'auth',
    explain:
      'The kubeconfig does not exist, cannot be read, or has no such context. `--kubeconfig` and `--context` mean what they mean to kubectl.',
  },
  'kind-unknown': {
    title: 'A kind is not served by the cluster',
    exit: 'usage',
    explain:
      'Kinds are written as `Deployment.apps`, `Secret`; the group may be left out when no other group has the kind.',
  },
  'transforms-unfit': {
    title: 'The transforms of a migration do not fit its bundle',
    exit: 'spec',
    explain:
      'A JSON patch names a field that an object does not have, or two objects of the source would become one on the target. What the target should have is therefore not known. Correct `spec.transforms`.',
  },
  'secret-input': {
    title: 'A secret that comes from outside has no value',
    exit: 'auth',
    explain:
      'Registries, DNS providers and required values name variables of the environment or of the file in `spec.secrets.env`. Each must have a value before anything is restored.',
  },
  'env-file': {
    title: 'A line of a file of variables is not understood',
    exit: 'spec',
    explain:
      'Files of variables are read, never executed: lines are `NAME=value` or `export NAME=value`, with quotes as in a shell. Commands, `$(…)` and references to other variables have no meaning here.',
  },
  'target-api': {
    title: 'The target cannot be asked',
    exit: 'kubernetes',
    explain:
      'The API of the target answered with an error, or not at all, while a plan was made or objects were compared. Nothing was changed. The message says what was asked and what the API said.',
  },
  'target-forbidden': {
    title: 'The account may not do on the target what a restore needs',
    exit: 'auth',
    explain:
      'Planning lists the kinds that are carried and sends every object as a dry run, which takes the same rights as writing it: get, list, create and patch. Give them to the account, or use another context.',
  },
  'migration-refused': {
    title: 'The target cannot take what is carried',
    exit: 'preflight',
    explain:
      'Findings of severity error stand against the plan. Mend what they name: a transform in the spec, something on the target, or the selection. `--ignore CODE` plans in spite of all findings of a code; the plan records it.',
  },
});
