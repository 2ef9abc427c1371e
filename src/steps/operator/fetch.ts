import { err, ok } from '../../core/result.js';
import { defineStep } from '../step.js';
import { type Artifact, sourceText } from './artifact.js';

type State = { readonly kept: boolean };

/**
 * Brings the K3s program to the operator's machine, once: checked by digest, processor and version before it takes its
 * place in the cache, from which it is uploaded to all hosts.
 */
export const operatorFetch = defineStep<Artifact, State>({
  id: 'operator.fetch',
  title: ({ version, arch }) => `Fetch K3s ${version} for ${arch}`,
  scope: 'operator',
  reads: ['operator'],
  risk: 'none',
  replay: 'exact',
  undo: { kind: 'inverse' },
  expected: { seconds: 10 },
  timeoutMs: 1_800_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ operator }, _subject, { sha256 }) =>
    operator === undefined ? undefined : { kept: operator.artifacts.includes(sha256) },
  diff: (state, { sha256, source }) =>
    state?.kept === true
      ? []
      : [{ kind: 'add', what: `sha256:${sha256.slice(0, 12)}`, after: `from ${sourceText(source)}` }],
  apply: async (context, artifact) => {
    context.progress(`fetching ${sourceText(artifact.source)}`);
    const fetched = await context.operator.fetch(artifact);
    return fetched.ok ? ok({}) : fetched;
  },
  verify: async ({ operator }, { sha256, version }) => {
    const kept = await operator.artifactDigest(sha256);
    if (kept === sha256) return ok({ text: `K3s ${version} is kept, its SHA-256 is ${sha256}` });
    return err({
      class: 'permanent',
      code: 'artifact-not-kept',
      message: `K3s ${version} is not in the cache as it was fetched`,
      cause: kept === undefined ? 'it is gone' : `its SHA-256 is ${kept}, not ${sha256}`,
    });
  },
  revert: async (context, { sha256 }, before) => {
    if (before?.kept !== true) await context.operator.dropArtifact(sha256);
    return ok(undefined);
  },
});
