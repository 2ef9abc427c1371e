import { ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { Change } from '../change.js';
import {
  diffFiles,
  type FileStates,
  observeFiles,
  type PlainFile,
  plainFile,
  toEffect,
} from '../files/file-goals.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

const FILE = '/etc/hostname';
const CLOUD = '/etc/cloud/cloud.cfg';
const CLOUD_DROP_IN = '/etc/cloud/cloud.cfg.d/99-drover.cfg';

type Params = { readonly name: string };
type State = {
  readonly files: FileStates;
  readonly running: string;
  /** cloud-init is installed: it would put its own name back at the next boot. */
  readonly cloud: boolean;
};

const goalsOf = ({ name }: Params, cloud: boolean): PlainFile[] => [
  plainFile(FILE, `${name}\n`),
  ...(cloud
    ? [plainFile(CLOUD_DROP_IN, '# Written by Drover\npreserve_hostname: true\nmanage_etc_hosts: false\n')]
    : []),
];

const renamed = (state: State | undefined, { name }: Params): Change[] => {
  if (state === undefined) return [{ kind: 'unknown', what: 'hostname' }];
  if (state.running === name) return [];
  return [{ kind: 'change', what: 'hostname', before: state.running, after: name }];
};

/** The name of the spec, running and at every boot: Kubernetes names the node after it. */
export const hostHostname = defineStep<Params, State>({
  id: 'host.hostname',
  title: ({ name }) => `Name the host ${name}`,
  scope: 'host',
  reads: ['identity', 'files'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => {
    const files = observeFiles(world, subject, [FILE, CLOUD, CLOUD_DROP_IN]);
    const identity = world.hosts.get(subject.host ?? '')?.sections.identity?.value;
    if (files === undefined || identity === undefined) return undefined;
    return { files, running: identity.hostname, cloud: files[CLOUD] !== null };
  },
  diff: (state, params) => [
    ...diffFiles(state?.files, goalsOf(params, state?.cloud === true)),
    ...renamed(state, params),
  ],
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const done = await inOrder([
      () => host.files(goalsOf(params, state?.cloud === true).map(toEffect)),
      async () =>
        mustSucceed(
          name,
          'set the host name',
          await host.change(`save_hostname && hostname ${shellQuote(params.name)}`),
        ),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const seen = await context
      .read(name)
      .read(`cat ${FILE}; uname -n; getent ahosts "$(uname -n)" | awk '{ print $1 }' | sort -u`);
    if (!seen.ok) return seen;
    const [atBoot = '', running = '', ...addresses] = seen.value.stdout.trim().split('\n');
    if (atBoot !== params.name || running !== params.name)
      return notHeld(name, `the name is ${running} now and ${atBoot} at the next boot`);
    if (addresses.some((address) => address.startsWith('127.') || address === '::1'))
      return notHeld(name, 'its own name resolves to a loopback address', addresses.join(', '));
    return ok({
      text: `the name is ${running}, now and at boot, at ${addresses.join(', ') || 'no address'}`,
    });
  },
});
