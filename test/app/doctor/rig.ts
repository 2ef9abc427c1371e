import type { DoctorHost } from '../../../src/app/doctor/subject.js';
import type { DoctorTools, Instruments } from '../../../src/app/doctor/tools.js';
import type { DroverEvent } from '../../../src/core/events/event.js';
import type { Files } from '../../../src/core/ports/files.js';
import { err, ok } from '../../../src/core/result.js';
import type { HostFacts } from '../../../src/facts/model/host-facts.js';

const AT = '2026-01-02T03:04:05.678Z';

/** A host with one uplink and nothing else known. */
export const reached = ({ target, role }: DoctorHost): HostFacts => ({
  name: target.name,
  address: target.address,
  role,
  contact: { state: 'reached', connectMs: 10 },
  sections: {
    links: {
      at: AT,
      value: [
        {
          name: 'eth0',
          mac: '02:00:00:00:00:01',
          mtu: 1500,
          up: true,
          addresses: [{ address: target.address, prefix: 24, family: 'inet', scope: 'global' }],
        },
      ],
    },
  },
});

export const away = ({ target, role }: DoctorHost): HostFacts => ({
  name: target.name,
  address: target.address,
  role,
  contact: { state: 'failed', failure: 'unreachable', detail: 'no route to host' },
  sections: {},
});

export interface Rig {
  readonly tools: DoctorTools;
  readonly events: DroverEvent[];
  /** Contents by path; `locked` paths refuse to be written. */
  readonly disk: Map<string, string>;
  readonly probed: (readonly string[])[];
}

const memoryFiles = (disk: Map<string, string>, locked: readonly string[]): Files => ({
  read: (path) => {
    const text = disk.get(path);
    return Promise.resolve(
      text === undefined ? err({ kind: 'missing', path, detail: 'no such file' }) : ok(text),
    );
  },
  write: (path, content) => {
    if (locked.includes(path))
      return Promise.resolve(err({ kind: 'denied', path, detail: 'permission denied' }));
    disk.set(path, content);
    return Promise.resolve(ok(undefined));
  },
  exists: (path) => Promise.resolve(disk.has(path)),
});

/** The doctor with hosts that answer as `answer` says. */
export const doctorRig = (answer: (host: DoctorHost) => HostFacts, locked: readonly string[] = []): Rig => {
  const events: DroverEvent[] = [];
  const disk = new Map<string, string>();
  const probed: (readonly string[])[] = [];
  const instruments: Instruments = {
    collect: (hosts) => Promise.resolve(hosts.map(answer)),
    probe: ({ hosts }) => {
      probed.push(hosts.map(({ target }) => target.name));
      return Promise.resolve({ probes: [], notMeasured: ['the fake probes nothing'] });
    },
    ask: () => Promise.resolve(ok(new Map())),
    dispose: () => Promise.resolve(),
  };
  let monotonic = 0;
  const tools: DoctorTools = {
    instruments,
    files: memoryFiles(disk, locked),
    clock: { now: () => Date.parse(AT), monotonic: () => (monotonic += 100), delay: () => Promise.resolve() },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    tool: '0.1.0',
    realm: 'real',
    stateDir: '/state',
  };
  return { tools, events, disk, probed };
};
