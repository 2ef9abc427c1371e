import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../src/core/ports/clock.js';
import type { HostTarget, Script, Session, Transport } from '../../../src/core/ports/transport.js';
import { err, ok } from '../../../src/core/result.js';
import type { CandidateNetwork } from '../../../src/facts/probes/layout.js';

/** A network of namespaces made for one test file: real kernel, real sockets, nothing outside is touched. */
export interface World {
  readonly hosts: readonly HostTarget[];
  readonly network: CandidateNetwork;
  /** Runs a command in the namespace of a host, or of `sw` (the switch or router). */
  readonly inside: (name: string, ...command: string[]) => string;
  /** Loads one filter chain in a namespace, replacing what a former call loaded there. */
  readonly filter: (name: string, chain: Chain) => void;
  readonly heal: () => void;
  /** Process ids that live in the namespace of a host. */
  readonly processes: (name: string) => readonly string[];
  readonly transport: Transport;
  readonly clock: Clock;
  /** Starts a program in the namespace of a host; `stop` ends its input and gives its last line. */
  readonly start: (name: string, command: string, ...rest: string[]) => Helper;
  /** Processes of agents that were started through the transport. */
  readonly children: readonly ChildProcessWithoutNullStreams[];
  readonly remove: () => void;
}

interface Helper {
  /** Resolves when the program has printed this line. */
  readonly line: (text: string) => Promise<void>;
  readonly stop: () => Promise<string>;
}

/** Namespaces and their firewalls need root and nft. */
export const canBuildWorlds = process.getuid?.() === 0 && spawnSync('nft', ['--version']).status === 0;

interface Chain {
  readonly family: 'inet' | 'bridge' | 'ip';
  readonly hook: 'input' | 'output' | 'forward' | 'postrouting';
  readonly policy?: 'drop';
  readonly type?: 'nat';
  readonly rules: readonly string[];
}

const rulesetOf = ({ family, hook, policy, type, rules }: Chain): string =>
  [
    'flush ruleset',
    `table ${family} faults {`,
    '  chain faults {',
    `    type ${type ?? 'filter'} hook ${hook} priority 0; policy ${policy ?? 'accept'};`,
    ...rules.map((rule) => `    ${rule}`),
    '  }',
    '}',
    '',
  ].join('\n');

let worlds = 0;

const sh = (text: string): string => execFileSync('sh', ['-ec', text], { encoding: 'utf8', stdio: 'pipe' });

const addressOf = (index: number): string => `10.77.0.${index + 11}`;

const switched = (prefix: string, names: readonly string[]): string =>
  [
    `ip netns add ${prefix}sw`,
    `ip -n ${prefix}sw link add br0 type bridge`,
    `ip -n ${prefix}sw link set br0 up`,
    ...names.flatMap((name, i) => [
      `ip netns add ${prefix}${name}`,
      `ip -n ${prefix}sw link add p-${name} type veth peer name eth0 netns ${prefix}${name}`,
      `ip -n ${prefix}sw link set p-${name} master br0 up`,
      `ip -n ${prefix}${name} addr add ${addressOf(i)}/24 dev eth0`,
      `ip -n ${prefix}${name} link set eth0 up`,
      `ip -n ${prefix}${name} link set lo up`,
    ]),
  ].join('\n');

/** Every host has a /32 address behind a router with MTU 1450, as in provider networks. */
const routed = (prefix: string, names: readonly string[]): string =>
  [
    `ip netns add ${prefix}sw`,
    `nsenter --net=/run/netns/${prefix}sw sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'`,
    ...names.flatMap((name, i) => [
      `ip netns add ${prefix}${name}`,
      `ip -n ${prefix}sw link add p-${name} mtu 1450 type veth peer name eth0 mtu 1450 netns ${prefix}${name}`,
      `ip -n ${prefix}sw addr add 10.77.0.1/32 dev p-${name}`,
      `ip -n ${prefix}sw link set p-${name} up`,
      `ip -n ${prefix}sw route add ${addressOf(i)}/32 dev p-${name}`,
      `ip -n ${prefix}${name} addr add ${addressOf(i)}/32 dev eth0`,
      `ip -n ${prefix}${name} link set eth0 up`,
      `ip -n ${prefix}${name} link set lo up`,
      `ip -n ${prefix}${name} route add 10.77.0.1 dev eth0`,
      `ip -n ${prefix}${name} route add 10.77.0.0/24 via 10.77.0.1 dev eth0`,
    ]),
  ].join('\n');

export const buildWorld = (shape: 'switched' | 'routed', count: number): World => {
  const prefix = `drvprobe-${process.pid}-${worlds++}-`;
  const names = Array.from({ length: count }, (_, i) => `h${i + 1}`);
  sh((shape === 'switched' ? switched : routed)(prefix, names));
  const children: ChildProcessWithoutNullStreams[] = [];
  const inside = (name: string, ...command: string[]): string =>
    execFileSync('nsenter', [`--net=/run/netns/${prefix}${name}`, ...command], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const all = [...names, 'sw'];
  return {
    hosts: names.map((name, i) => ({ name, address: addressOf(i) })),
    network: {
      cidr: '10.77.0.0/24',
      wanted: true,
      members: Object.fromEntries(
        names.map((name, i) => [
          name,
          { interface: 'eth0', address: addressOf(i), mtu: shape === 'routed' ? 1450 : 1500 },
        ]),
      ),
    },
    inside,
    filter: (name, chain) => {
      execFileSync('nsenter', [`--net=/run/netns/${prefix}${name}`, 'nft', '-f', '-'], {
        input: rulesetOf(chain),
      });
    },
    processes: (name) =>
      sh(`ip netns pids ${prefix}${name}`)
        .split('\n')
        .filter((pid) => pid !== ''),
    heal: () => {
      for (const name of all) inside(name, 'nft', 'flush', 'ruleset');
    },
    transport: localTransport(prefix, children),
    clock: realClock,
    start: (name, command, ...rest) => {
      const child = spawn('nsenter', [`--net=/run/netns/${prefix}${name}`, command, ...rest]);
      children.push(child);
      return helperOf(child);
    },
    children,
    remove: () => {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      for (const name of all) sh(`ip netns del ${prefix}${name}`);
    },
  };
};

const helperOf = (child: ChildProcessWithoutNullStreams): Helper => {
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const ended = once(reader, 'close');
  reader.on('line', (line) => lines.push(line));
  return {
    line: async (text) => {
      while (!lines.includes(text)) await once(reader, 'line');
    },
    stop: async () => {
      child.stdin.end();
      await ended;
      return lines.at(-1) ?? '';
    },
  };
};

const localTransport = (prefix: string, children: ChildProcessWithoutNullStreams[]): Transport => ({
  run: () => Promise.reject(new Error('not used')),
  open: async (host, script, { signal }) => {
    const child = startIn(`${prefix}${host.name}`, script);
    children.push(child);
    await once(child, 'spawn');
    signal?.addEventListener('abort', () => cut(child));
    return ok(sessionOf(host.name, child));
  },
  dispose: () => Promise.resolve(),
});

const startIn = (namespace: string, script: Script): ChildProcessWithoutNullStreams => {
  const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, 'sh', '-c', script.text]);
  child.stdin.on('error', () => undefined);
  child.stdin.write(script.data ?? '');
  return child;
};

/** What a host sees when the operator's ssh is killed: its pipes close. */
const cut = (child: ChildProcessWithoutNullStreams): void => {
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
};

const sessionOf = (host: string, child: ChildProcessWithoutNullStreams): Session => {
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  return {
    host,
    lines: createInterface({ input: child.stdout }),
    send: (line) => void child.stdin.write(`${line}\n`),
    close: async () => {
      child.stdin.end();
      await closed;
      if (child.exitCode === null)
        return err({ kind: 'mux-lost', host, detail: 'the agent was killed', notStarted: false });
      return ok({ status: child.exitCode, stderr });
    },
    abort: () => cut(child),
  };
};

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  delay: (ms, signal) => delay(ms, undefined, { signal }),
};
