import type { DroverError } from '../core/error.js';
import type { Cluster } from '../spec/cluster.js';
import { labError } from './errors.js';
import type { LabPlan } from './state/schema.js';

/** Virtual machines that the user asked for, with memory in MiB when they said so. */
export interface VmChoice {
  readonly memoryMiB?: number;
}

/** Less does not boot a Debian with an unpacked kernel. */
export const MIN_VM_MIB = 512;
const DEFAULT_VM_MIB = 1024;

const MIB: Readonly<Record<string, number>> = {
  '': 1 / 1024 ** 2,
  k: 1e3 / 1024 ** 2,
  M: 1e6 / 1024 ** 2,
  G: 1e9 / 1024 ** 2,
  T: 1e12 / 1024 ** 2,
  Ki: 1 / 1024,
  Mi: 1,
  Gi: 1024,
  Ti: 1024 ** 2,
};

/** `8Gi`, `512M` of Kubernetes in whole MiB. */
const mebibytes = (amount: string): number => {
  const [, number = '', unit = ''] = /^([\d.]+)(\D*)$/.exec(amount) ?? [];
  return Math.floor(Number(number) * (MIB[unit] ?? Number.NaN));
};

/** `2`, `0.5`, `250m` as a number of processors. */
const processors = (amount: string | number): number =>
  typeof amount === 'string' && amount.endsWith('m') ? Number(amount.slice(0, -1)) / 1000 : Number(amount);

const at = (cluster: Cluster, field: string): Partial<DroverError> => {
  const location = cluster.locate(`spec.lab.resources.${field}`);
  return location === undefined ? {} : { location };
};

/** What `spec.lab.resources` asks for and the lab cannot give: it says so instead of making other hosts. Pure. */
export const resourceErrors = (cluster: Cluster, vm: VmChoice | undefined): readonly DroverError[] => {
  const { cpus, memory, disk } = cluster.spec.lab.resources;
  if (vm === undefined) {
    return Object.entries({ cpus, memory, disk }).flatMap(([field, value]) =>
      value === undefined
        ? []
        : [
            labError('lab-spec', `Lab hosts that are containers share this machine's ${field}`, {
              ...at(cluster, field),
              cause: `spec.lab.resources.${field} asks for ${value} of each host`,
              hint: 'make virtual machines: `drover lab up --vm HOST …`, or leave the field out',
            }),
          ],
    );
  }
  const refuse = (field: string, message: string, hint: string): DroverError =>
    labError('lab-spec', message, { ...at(cluster, field), hint });
  return [
    ...(disk === undefined
      ? []
      : [refuse('disk', "The disk of the lab's virtual machines has 16 GiB, always", 'leave the field out')]),
    ...(cpus === undefined || Number.isInteger(processors(cpus))
      ? []
      : [refuse('cpus', `A virtual machine has whole CPUs, not ${cpus}`, 'write 1, 2 …')]),
    ...(memory === undefined || vm.memoryMiB !== undefined || mebibytes(memory) >= MIN_VM_MIB
      ? []
      : [
          refuse('memory', `A virtual machine does not boot with ${memory}`, `write ${MIN_VM_MIB}Mi or more`),
        ]),
  ];
};

/** Size of each virtual machine: what the command line says, then the spec, then the defaults. Pure. */
export const vmOf = (cluster: Cluster, choice: VmChoice): NonNullable<LabPlan['vm']> => {
  const { cpus, memory } = cluster.spec.lab.resources;
  const memoryMiB = choice.memoryMiB ?? (memory === undefined ? DEFAULT_VM_MIB : mebibytes(memory));
  return { memoryMiB, ...(cpus === undefined ? {} : { processors: processors(cpus) }) };
};
