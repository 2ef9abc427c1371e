import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import { labError } from '../errors.js';
import { type ExecOutput, exec } from '../exec.js';
import { inHostNetns, runInHost } from '../host/inside.js';
import { gatewayNetns, HOST_INTERFACE, portName } from '../names.js';
import type { OpenLab } from '../state/store.js';
import { inNetns } from './netns.js';

/** How a host's cable is made worse; in the words of tc(8). */
export interface Throttle {
  readonly rate?: string;
  readonly delay?: string;
  readonly loss?: string;
}

const WORDS = { rate: /^\d+(\.\d+)?[kmg]?bit$/, delay: /^\d+(us|ms|s)$/, loss: /^\d+(\.\d+)?%$/ } as const;
const EXAMPLES = { rate: '10mbit', delay: '50ms', loss: '1%' } as const;

/** What is wrong with a throttle as the user wrote it. */
export const throttleProblem = (throttle: Throttle): string | undefined => {
  const keys = ['rate', 'delay', 'loss'] as const;
  const bad = keys.find((key) => throttle[key] !== undefined && !WORDS[key].test(throttle[key]));
  if (bad !== undefined) return `--${bad} must look like ${EXAMPLES[bad]}, not '${throttle[bad] ?? ''}'`;
  return keys.every((key) => throttle[key] === undefined) ? 'give --rate, --delay or --loss' : undefined;
};

/** Queue discipline for a throttle: tbf for a plain rate, netem as soon as delay or loss come in. Pure. */
export const queueWords = ({ rate, delay, loss }: Throttle): string => {
  if (delay === undefined && loss === undefined) return `tbf rate ${rate ?? ''} burst 32kb latency 400ms`;
  return [
    'netem',
    ...(delay === undefined ? [] : [`delay ${delay}`]),
    ...(loss === undefined ? [] : [`loss ${loss}`]),
    ...(rate === undefined ? [] : [`rate ${rate}`]),
  ].join(' ');
};

const failed = (queue: string, done: ExecOutput): DroverError =>
  labError('lab-throttle', `The kernel refused the queue '${queue}'`, {
    cause: /unknown/.test(done.stderr)
      ? `this kernel has no ${queue.split(' ')[0] ?? ''}`
      : printable(done.stderr).trim(),
    hint: queue.startsWith('netem') ? 'a plain --rate works without netem' : 'see tc(8) for the values',
  });

/** What a virtual machine receives passes through an interface of its own, where it can be queued like what it sends. */
const RECEIVED = 'lab-in';

const tcInVm = (queue: string | undefined): string =>
  [
    `tc qdisc del dev ${HOST_INTERFACE} root 2>/dev/null || true`,
    `tc qdisc del dev ${HOST_INTERFACE} ingress 2>/dev/null || true`,
    `ip link delete ${RECEIVED} 2>/dev/null || true`,
    ...(queue === undefined
      ? []
      : [
          `ip link add ${RECEIVED} type ifb`,
          `ip link set ${RECEIVED} up`,
          `tc qdisc add dev ${RECEIVED} root ${queue}`,
          `tc qdisc add dev ${HOST_INTERFACE} root ${queue}`,
          `tc qdisc add dev ${HOST_INTERFACE} ingress`,
          `tc filter add dev ${HOST_INTERFACE} parent ffff: matchall action mirred egress redirect dev ${RECEIVED}`,
        ]),
  ].join('\n');

/** With the virtual machine's own kernel, which has every queue, whatever this machine's has. */
const throttleVm = async (
  lab: OpenLab,
  host: string,
  queue: string | undefined,
): Promise<Result<void, DroverError>> => {
  const done = await runInHost(lab, host, tcInVm(queue));
  if (!done.ok) return done;
  return done.value.status === 0 ? ok(undefined) : err(failed(queue ?? 'none', done.value));
};

/** Both ends of the host's cable: its own interface (what it sends) and the lab's (what it receives). */
const ends = async (
  lab: OpenLab,
  host: string,
): Promise<Result<readonly ((words: readonly string[]) => Promise<ExecOutput>)[], DroverError>> => {
  const { plan } = lab.state();
  const inside = await inHostNetns(lab, host);
  if (!inside.ok) return inside;
  return ok([
    (words) =>
      exec(
        ...inNetns(gatewayNetns(plan), [
          'tc',
          'qdisc',
          ...words.slice(0, 1),
          'dev',
          portName(plan, host),
          ...words.slice(1),
        ]),
      ),
    (words) =>
      exec(...inside.value(['tc', 'qdisc', ...words.slice(0, 1), 'dev', HOST_INTERFACE, ...words.slice(1)])),
  ]);
};

/** Makes the cable of a running host match the record: throttled as recorded, or free. */
export const applyThrottle = async (lab: OpenLab, host: string): Promise<Result<void, DroverError>> => {
  const queue = lab.state().throttles[host];
  if (lab.state().plan.vm !== undefined) return throttleVm(lab, host, queue);
  const both = await ends(lab, host);
  if (!both.ok) return both;
  for (const end of both.value) {
    await end(['del', 'root']);
    if (queue === undefined) continue;
    const done = await end(['add', 'root', ...queue.split(' ')]);
    if (done.status !== 0) return err(failed(queue, done));
  }
  return ok(undefined);
};
