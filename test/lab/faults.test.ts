import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/events/finding.js';
import type { Fault } from '../../src/lab/faults/fault.js';
import { faults } from '../../src/lab/faults/list.js';
import { doctor, drover, must, specFolder } from './support/cli.js';

const LAB = 'it-faults';
let folder: string;
/** What the doctor says about the healthy lab: true of it, and of no fault. */
let healthy: readonly Finding[];

beforeAll(async () => {
  // Logging in as a user with sudo, as on cloud images: the harder way, and the one that sudo-refused is about.
  folder = await specFolder({ name: LAB, net: '10.73.0', servers: 3, agents: 1, user: 'admin' });
  await must(['lab', 'up'], folder);
  healthy = (await doctor(LAB, folder)).findings;
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

/** What was a warning and is an error now has come with a fault: the disk of this machine may be rather full. */
const isHealthy = ({ code, severity, hosts }: Finding): boolean =>
  healthy.some(
    (known) =>
      known.code === code && known.severity === severity && hosts.every((host) => known.hosts.includes(host)),
  );

/** Hosts of a lab live on the disk of this machine, which others may fill meanwhile: true, and of no fault but its own. */
const ofMachine = (code: string, fault?: Fault): boolean =>
  code === 'disk-full' && fault?.codes.includes(code) !== true;

/** The findings that a fault brought; empty when the lab is as it was. */
const brought = async (fault?: Fault): Promise<readonly Finding[]> =>
  (await doctor(LAB, folder)).findings.filter(
    (finding) => !isHealthy(finding) && !ofMachine(finding.code, fault),
  );

/** Findings that are neither the fault's own nor explained by one of its own: false, or left by the fault before. */
const unexplained = (fault: Fault, findings: readonly Finding[]): readonly string[] => {
  const own = new Set([...fault.codes, ...(fault.besides ?? [])]);
  for (const { under, code } of findings) if (under !== undefined && own.has(under)) own.add(code);
  return findings.filter(({ code }) => !own.has(code)).map(({ code, title }) => `${code}: ${title}`);
};

const breakIt = async (id: string): Promise<readonly string[]> => {
  const told = await must(['lab', 'break', '--lab', LAB, id, '-o', 'json', '-q'], folder);
  return (JSON.parse(told) as { readonly hosts: readonly string[] }).hosts;
};

it('finds no error in a healthy lab', () => {
  expect(healthy.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('the doctor names first what is broken, with evidence, and nothing false', () => {
  // Whatever a fault left behind after healing would be unexplained in the next one's findings.
  it.each(faults.map((fault) => [fault.id, fault] as const))('%s', async (id, fault) => {
    const hosts = await breakIt(id);
    const findings = await brought(fault);
    await must(['lab', 'heal', '--lab', LAB, id, '-q'], folder);
    const [first] = findings;
    expect(fault.codes).toContain(first?.code);
    expect(first?.evidence.length).toBeGreaterThan(0);
    expect(hosts.some((host) => first?.hosts.includes(host))).toBe(true);
    expect(unexplained(fault, findings)).toEqual([]);
  });
});

it('finds the lab as healthy as before when all is healed', async () => {
  expect((await brought()).map(({ code, title }) => `${code}: ${title}`)).toEqual([]);
});
