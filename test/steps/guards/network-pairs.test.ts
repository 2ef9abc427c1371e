import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/ports/clock.js';
import type { Script, Session } from '../../../src/core/ports/transport.js';
import { err, ok } from '../../../src/core/result.js';
import type { GuardContext, GuardSample } from '../../../src/steps/guard.js';
import { networkPairs } from '../../../src/steps/guards/network-pairs.js';
import type { OutageRecord } from '../../../src/steps/guards/pairs/outage-record.js';
import { type PairsParams, subjectsOf } from '../../../src/steps/guards/pairs/params.js';
import { agentProgram } from '../../../src/steps/guards/pairs/programs.js';
import { apiServer } from '../../bundle/support/api/server.js';

const PARAMS: PairsParams = {
  everyMs: 200,
  image: 'busybox',
  nodes: ['a', 'b'],
  services: { dns: '10.43.0.10', name: 'kubernetes.default.svc.cluster.local', out: null },
  blindMs: 5_000,
};
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' } as const;

/** One host with its relay; says what the test tells it to. */
interface FakeHost {
  lines: number;
  readonly heard: string[];
  readonly script: () => string;
  say: (text: string) => void;
  cut: () => void;
}

const hostOf = (node: string): { readonly host: FakeHost; readonly open: (script: Script) => Session } => {
  let queue: string[] = [];
  let wake = (): void => undefined;
  let over = false;
  let text = '';
  const cut = (): void => {
    over = true;
    wake();
  };
  const host: FakeHost = {
    lines: 0,
    heard: [],
    script: () => text,
    say: (line) => {
      queue.push(line);
      wake();
    },
    cut,
  };
  async function* read(): AsyncGenerator<string> {
    for (;;) {
      const line = queue.shift();
      if (line !== undefined) yield line;
      else if (over) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const open = (script: Script): Session => {
    host.lines += 1;
    over = false;
    queue = [];
    ({ text } = script);
    return {
      host: node,
      lines: read(),
      send: (line) => {
        host.heard.push(line);
        if (line === 'end') cut();
      },
      close: () => Promise.resolve(ok({ status: 0, stderr: '' })),
      abort: cut,
    };
  };
  return { host, open };
};

/** Time passes only while somebody waits for it. */
const fakeClock = (passes: () => void): Clock & { now: () => number } => {
  let time = 0;
  return {
    now: () => 1_767_225_600_000 + time,
    monotonic: () => time,
    delay: async (ms, signal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      time += Math.min(ms, 250);
      passes();
    },
  };
};

const bench = (
  part: { readonly unreachable?: readonly string[]; readonly params?: Partial<PairsParams> } = {},
) => {
  const api = apiServer('east');
  /** Nodes whose relay and probers say that they live whenever time passes. */
  const living = new Set<string>();
  const clock = fakeClock(() => {
    for (const node of living) lives(node);
  });
  const stop = new AbortController();
  const hosts = new Map(PARAMS.nodes.map((node) => [node, hostOf(node)]));
  const samples: GuardSample[] = [];
  const records: OutageRecord[] = [];
  const context: GuardContext = {
    run: '20260101-000000-abcd',
    hosts: PARAMS.nodes,
    clock,
    signal: stop.signal,
    kube: () => Promise.resolve(ok(api.kube)),
    keep: (record) => void records.push(record),
    callUrl: () => {
      throw new Error('it calls no address');
    },
    read: () => {
      throw new Error('it reads nothing');
    },
    open: (name, script) => {
      const made = part.unreachable?.includes(name) === true ? undefined : hosts.get(name)?.open(script);
      if (made !== undefined) return Promise.resolve(ok(made));
      return Promise.resolve(err({ class: 'transient', code: 'ssh-unreachable', message: `${name} is off` }));
    },
  };
  const run = async (): Promise<string | undefined> => {
    try {
      for await (const sample of networkPairs.watch(context, { ...PARAMS, ...part.params }))
        samples.push(sample);
      return undefined;
    } catch (reason) {
      return String(reason);
    }
  };
  const ended = run();
  const host = (node: string): FakeHost => {
    const found = hosts.get(node);
    if (found === undefined) throw new Error(`no host ${node}`);
    return found.host;
  };
  const places = new Map<string, number>();
  const record = (node: string, name: string, entry: string): void => {
    const place = (places.get(`${node} ${name}`) ?? 0) + entry.length + 1;
    places.set(`${node} ${name}`, place);
    host(node).say(`r ${name} ${place} ${entry}`);
  };
  const beat = (node: string): void => host(node).say(`b ${clock.monotonic()}`);
  const lives = (node: string): void => {
    beat(node);
    record(node, 'pod-1', `. ${clock.monotonic()}`);
    record(node, 'host-1', `. ${clock.monotonic()}`);
  };
  return {
    api,
    samples,
    records,
    host,
    record,
    beat,
    clock,
    ended,
    end: () => {
      stop.abort();
      return ended;
    },
    /** Both probers of a node began, and were answered by all others. */
    comesUp: (node: string, address: string): void => {
      const now = clock.monotonic();
      const peers = PARAMS.nodes.filter((each) => each !== node);
      beat(node);
      record(node, 'pod-1', `H ${now} pod ${node} ${address}`);
      record(node, 'host-1', `H ${now} host ${node} 10.0.0.1`);
      for (const peer of peers) record(node, 'pod-1', `+ pod:${peer} ${now} ${address}`);
      for (const peer of PARAMS.nodes) record(node, 'host-1', `+ pod:${peer} ${now} 10.0.0.1`);
      for (const target of ['clusterip', 'dns']) record(node, 'pod-1', `+ ${target} ${now} -`);
    },
    living,
    names: async (): Promise<string[]> => {
      const names: string[] = [];
      for await (const page of api.kube.list(NAMESPACES))
        if (page.ok) names.push(...page.value.items.map(({ metadata }) => metadata.name));
      return names.filter((name) => name.startsWith('drover-guard-'));
    },
  };
};

const until = (holds: () => boolean) => expect.poll(holds, { timeout: 10_000, interval: 1 }).toBe(true);

const up = async (one: ReturnType<typeof bench>): Promise<void> => {
  await until(() => PARAMS.nodes.every((node) => one.host(node).heard.includes('go')));
  one.comesUp('a', '10.42.0.7');
  one.comesUp('b', '10.42.1.7');
  await until(() => one.samples.length > 0);
};

describe('the guard of all pairs', () => {
  it('tells every prober where the others are, and looks when all have been heard once', async () => {
    const one = bench();
    await until(() => PARAMS.nodes.every((node) => one.host(node).heard.includes('go')));
    one.comesUp('a', '10.42.0.7');
    expect(one.samples).toEqual([]);
    one.comesUp('b', '10.42.1.7');
    await until(() => one.samples.length > 0);
    const peers = 'peers a=10.42.0.7,b=10.42.1.7';
    for (const node of PARAMS.nodes) expect(one.host(node).heard).toContain(peers);
    expect(one.records.find(({ type }) => type === 'watch')).toMatchObject({
      subjects: subjectsOf(PARAMS),
      unwatched: [],
    });
    expect(await one.end()).toBeUndefined();
  });

  it('makes its pods in a namespace of the run, and removes that and what runs before it left', async () => {
    const one = bench();
    const labels = { 'app.kubernetes.io/managed-by': 'drover' };
    one.api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'drover-guard-old', labels } });
    await up(one);
    const [name = '', ...others] = await one.names();
    expect(others).toEqual([]);
    expect(name).toMatch(/^drover-guard-20260101-000000-abcd-/);
    const pod = one.api.find('apps/v1', 'DaemonSet', 'pod', name);
    const text = JSON.stringify(pod);
    expect(text).toContain('busybox');
    // As the kubelet takes it, it is the program again.
    const { value = '' } = /"name":"PROBER","value":"(?<value>(?:[^"\\]|\\.)*)"/.exec(text)?.groups ?? {};
    expect((JSON.parse(`"${value}"`) as string).replaceAll('$$', '$')).toBe(agentProgram());
    await one.end();
    expect(await one.names()).toEqual([]);
    for (const node of PARAMS.nodes) {
      expect(one.host(node).heard.at(-1)).toBe('end');
      expect(one.host(node).script()).toContain(name);
    }
  });

  it('removes its pods also when the API is away at first, as it is while servers restart', async () => {
    const one = bench();
    await up(one);
    let refusals = 0;
    one.api.failing = ({ verb }) => {
      if (verb !== 'delete' || refusals >= 3) return undefined;
      refusals += 1;
      return { kind: 'unreachable', message: 'connection refused', causes: [] };
    };
    await one.end();
    expect(refusals).toBe(3);
    expect(await one.names()).toEqual([]);
  });

  it('goes on where the record was when its line is cut', async () => {
    const one = bench();
    await up(one);
    one.host('a').cut();
    await until(
      () => one.host('a').lines === 2 && one.host('a').heard.filter((line) => line === 'go').length === 2,
    );
    const again = one.host('a').heard.slice(one.host('a').heard.indexOf('go') + 1);
    expect(again.some((line) => /^from pod-1 \d+$/.test(line))).toBe(true);
    expect(again.some((line) => /^from host-1 \d+$/.test(line))).toBe(true);
    expect(one.records.filter(({ type }) => type === 'outage')).toEqual([]);
    await one.end();
  });

  it('breaks when it hears nothing from a node for too long', async () => {
    const one = bench();
    await up(one);
    one.living.add('a');
    const why = await one.ended;
    expect(why).toMatch(/nothing was heard from b for \d+ ms/);
    expect(await one.names()).toEqual([]);
  });

  it('leaves out a node that cannot be reached from the start, and says so', async () => {
    const one = bench({ unreachable: ['b'] });
    await until(() => one.host('a').heard.includes('go'));
    one.living.add('a');
    one.comesUp('a', '10.42.0.7');
    await until(() => one.samples.length > 0);
    expect(one.records.find(({ type }) => type === 'watch')).toMatchObject({ unwatched: ['b'] });
    await one.end();
  });

  it('breaks at once where no host has what it needs, or the API refuses', async () => {
    const one = bench();
    await until(() => PARAMS.nodes.every((node) => one.host(node).heard.includes('go')));
    for (const node of PARAMS.nodes) {
      one.host(node).say('x perl is not installed');
      one.host(node).cut();
    }
    const refused = bench();
    refused.api.failing = ({ verb }) =>
      verb === 'create' ? { kind: 'forbidden', message: 'not you', causes: [] } : undefined;
    expect(await refused.ended).toContain('not you');
    expect(await one.ended).toContain('perl is not installed');
  });
});
