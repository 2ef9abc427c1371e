import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshInstruments } from '../../../src/app/doctor/instruments.js';
import { measure } from '../../../src/app/doctor/measure.js';
import { subjectOfCluster } from '../../../src/app/doctor/subject.js';
import type { Verdict } from '../../../src/core/events/verdict.js';
import type { HostTarget, Transport } from '../../../src/core/ports/transport.js';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { DoctorReport } from '../../../src/diagnosis/report.js';
import type { FactsFile } from '../../../src/facts/model/facts-file.js';
import type { ProbeMatrix } from '../../../src/facts/model/probe-matrix.js';
import { probePairs } from '../../../src/facts/probes/pairs.js';
import { probePorts } from '../../../src/facts/probes/ports.js';
import { check } from '../../../src/lab/exec.js';
import { gatewayNetns, portName } from '../../../src/lab/names.js';
import { inNetns } from '../../../src/lab/network/netns.js';
import { labPaths } from '../../../src/lab/paths.js';
import { readState } from '../../../src/lab/state/store.js';
import { loadCluster } from '../../../src/spec/load-cluster.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemClock, systemRandom } from '../../support/ports.js';
import { drover, must } from './cli.js';
import { labTransport } from './transport.js';

/** Two virtual machines behind a router, and ways to disturb and measure them. */
export interface VmLab extends AsyncDisposable {
  /** Folder of the spec. */
  readonly folder: string;
  readonly transport: Transport;
  readonly target: (host: string) => HostTarget;
  /** Runs a script as root on a host and returns what it printed; throws when it fails. */
  readonly on: (host: string, script: string) => Promise<string>;
  /** Runs a program in the router's namespace. */
  readonly router: (command: readonly string[], input?: string) => Promise<string>;
  /** The router's port of a host. */
  readonly port: (host: string) => string;
  /** What the doctor says; with `idleMs` cold passage is measured after silences of that length. */
  readonly doctor: (idleMs?: number) => Promise<DoctorReport>;
  /** Cells of a probe's matrix in the doctor's last measurement: rows are senders, in the order of the spec. */
  readonly cells: (kind: ProbeMatrix['kind'], number: number) => readonly string[] | undefined;
}

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error, null, 2));
};

const spec = (name: string, cni: string): string => `apiVersion: drover/v1
kind: Cluster
metadata: { name: ${name} }
spec:
  distribution: { kind: k3s, version: v1.34.2+k3s1 }
  network: { nodes: 10.77.0.0/24, cni: ${cni} }
  lab: { network: routed }
  hosts:
    - { name: server-1, address: 10.77.0.11, role: server }
    - { name: agent-1, address: 10.77.0.21, role: agent }
`;

/** Brings two virtual machines up with the built command line; measures them from here. */
export const vmLab = async (name: string, cni: string): Promise<VmLab> => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-vm-'));
  const file = join(folder, 'drover.yaml');
  await writeFile(file, spec(name, cni));
  const { env } = process;
  const cluster = value(
    await loadCluster({ file, cwd: folder, env, files: systemFiles, clock: systemClock }),
  );
  const up = await drover(['lab', 'up', '--vm', '--vm-memory', '2048'], folder);
  const recorded = value(await readState(labPaths(env, name)));
  if (up.status !== 0 || recorded === undefined)
    throw new Error(`lab up: ${up.status}\n${up.stdout}\n${up.stderr}`);
  const transport = await labTransport(name);
  const { signal } = new AbortController();
  const parts = { transport, clock: systemClock, random: systemRandom, emit: () => undefined, signal };
  const subject = value(subjectOfCluster(cluster, { kind: 'lab', name }, { only: [] }));
  const targets = subject.hosts.map(({ target }) => target);

  let last: FactsFile | undefined;
  const doctor = async (idleMs?: number): Promise<DoctorReport> => {
    const instruments = sshInstruments(parts);
    const options = { deep: true, ...(idleMs === undefined ? {} : { idleMs }) };
    const deep: typeof instruments.probe = (_subject, networks) =>
      probePairs({ ...parts, hosts: targets, networks, ports: probePorts(), options });
    const facts = await measure(
      subject,
      { passive: false, deep: idleMs !== undefined, timeoutMs: 90_000 },
      {
        ...parts,
        instruments: idleMs === undefined ? instruments : { ...instruments, probe: deep },
        files: systemFiles,
        tool: 'test',
        realm: `lab/${name}`,
        stateDir: folder,
      },
    );
    last = facts;
    return value(diagnose({ facts, cluster, ignore: [], only: [] }));
  };
  const targetOf = (host: string): HostTarget => {
    const target = targets.find((one) => one.name === host);
    if (target === undefined) throw new Error(`no host ${host}`);
    return target;
  };
  const on = async (host: string, script: string): Promise<string> => {
    const ran = value(
      await transport.run(
        targetOf(host),
        { text: `set -e\n${script}`, title: 'test' },
        { timeoutMs: 90_000 },
      ),
    );
    if (ran.status !== 0) throw new Error(`status ${ran.status}: ${String(ran.stderr)}`);
    return String(ran.stdout);
  };
  const router = async (command: readonly string[], input = ''): Promise<string> =>
    value(await check(...inNetns(gatewayNetns(recorded.plan), command), { input }));
  return {
    folder,
    transport,
    target: targetOf,
    on,
    router,
    port: (host) => portName(recorded.plan, host),
    doctor,
    cells: (kind, number) => last?.probes.find((one) => one.kind === kind && one.number === number)?.rows,
    [Symbol.asyncDispose]: async () => {
      await transport[Symbol.asyncDispose]();
      await must(['lab', 'down', name], folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export const codes = (report: DoctorReport): readonly string[] => report.findings.map(({ code }) => code);

export const verdictOf = (report: DoctorReport, option: Verdict['option']): Verdict => {
  const verdict = report.verdicts.find((one) => one.option === option);
  if (verdict === undefined) throw new Error(`no verdict for ${option}`);
  return verdict;
};

/** Puts rules into the router’s forwarding path. */
export const forwardBy = (lab: VmLab, rules: readonly string[]): Promise<string> =>
  lab.router(
    ['nft', '-f', '-'],
    `table ip test {\n chain forward {\n type filter hook forward priority 10; policy accept;\n ${rules.join('\n ')}\n }\n}\n`,
  );

/** The router forwards everything again. */
export const forwardAll = async (lab: VmLab): Promise<void> => {
  await lab.router(['nft', '-f', '-'], 'table ip test\ndelete table ip test\n');
};
