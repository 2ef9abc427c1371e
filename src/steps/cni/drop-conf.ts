import { ok } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

type Params = {
  /** Configurations of networks in folders that the runtime reads no more, or that no network in use wrote. */
  readonly paths: readonly string[];
};

type State = { readonly there: readonly string[] };

/** Takes CNI configurations out of folders: after a hand-over nothing brings the former network back by accident. */
export const cniDropConf = defineStep<Params, State>({
  id: 'cni.drop-conf',
  title: ({ paths }) => `Take out ${sentence(paths)}`,
  scope: 'host',
  reads: ['cni'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, { paths }) => {
    const files = world.hosts.get(subject.host ?? '')?.sections.cni?.value?.files;
    return files === undefined
      ? undefined
      : { there: paths.filter((path) => files.some((file) => file.path === path)) };
  },
  diff: (state, { paths }) =>
    state === undefined
      ? paths.map((what) => ({ kind: 'unknown', what }))
      : state.there.map((what) => ({ kind: 'remove', what })),
  apply: async (context, { paths }) => {
    const goals = paths.map((path) => ({ path, content: undefined }));
    const done = await context.on(context.subject.host ?? '').files(goals);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, { paths }) => {
    const host = context.subject.host ?? '';
    const looks = paths.map((path) => `if [ -e '${path}' ]; then echo '${path} is there'; fi`);
    const seen = await context.read(host).read([...looks, 'true'].join('\n'));
    if (!seen.ok) return seen;
    const left = seen.value.stdout.trim().split('\n').filter(Boolean);
    return left.length === 0 ? ok({ text: `${sentence(paths)} gone` }) : notHeld(host, sentence(left));
  },
  // What is put back lies on the host. It is wanted for a while even where the run itself had laid it there, because nodes
  // that go back read it.
  revert: () => Promise.resolve(ok(undefined)),
});
