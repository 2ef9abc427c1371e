import { ok } from '../../../src/core/result.js';
import type { CollectorId, CollectorValue } from '../../../src/facts/model/host-facts.js';
import type { CommandOutput, FileGoal, HostEffects } from '../../../src/steps/effects.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { immediateClock } from '../../run/immediate-clock.js';
import { noOperator } from '../../support/no-operator.js';

export type Values = { readonly [Id in CollectorId]?: CollectorValue<Id> };

export const SUBJECT = { host: 'h1', hosts: ['h1'] };

const OS = {
  id: 'debian',
  idLike: [],
  versionId: '13',
  prettyName: 'Debian 13',
  kernel: '6.12.0',
  arch: 'x86_64',
  virtualization: 'kvm',
  sharedKernel: false,
  init: 'systemd',
  bootId: 'b',
  uptimeSeconds: 1,
};

/** A host of which these sections were observed, and `os` as usual. */
export const worldOf = (values: Values, sharedKernel = false): World => ({
  hosts: new Map([
    [
      'h1',
      {
        name: 'h1',
        address: '10.0.0.1',
        role: 'server',
        contact: { state: 'reached', connectMs: 1 },
        sections: Object.fromEntries(
          Object.entries({ os: { ...OS, sharedKernel }, ...values }).map(([id, value]) => [
            id,
            { at: '2026-11-20T10:00:00.000Z', value },
          ]),
        ),
      },
    ],
  ]),
});

export interface Told {
  readonly files: FileGoal[];
  readonly scripts: string[];
  readonly order: string[];
}

const output = (stdout: string): CommandOutput => ({ status: 0, stdout, stderr: '' });

/** A host that notes what it is told to do and answers every reading with the same text. */
export const fakeHost = (
  world: World,
  reading = '',
): { readonly told: Told; readonly context: ApplyContext } => {
  const told: Told = { files: [], scripts: [], order: [] };
  const effects: HostEffects = {
    read: () => Promise.resolve(ok(output(reading))),
    files: (goals) => {
      told.files.push(...goals);
      told.order.push('files');
      return Promise.resolve(ok(undefined));
    },
    keepUnit: () => Promise.resolve(ok(undefined)),
    change: (script, options) => {
      told.scripts.push(script);
      told.order.push(options?.deadManSeconds === undefined ? 'change' : `guarded ${options.deadManSeconds}`);
      return Promise.resolve(ok(output('')));
    },
    confirm: () => {
      told.order.push('confirm');
      return Promise.resolve(ok(undefined));
    },
    upload: () => Promise.reject(new Error('nothing is uploaded')),
  };
  const context: ApplyContext = {
    run: 'run-1',
    clock: immediateClock(),
    subject: SUBJECT,
    world,
    on: () => effects,
    secret: () => Promise.reject(new Error('no secrets')),
    progress: (text) => told.order.push(text),
    checkpoint: () => Promise.resolve(),
    resumed: undefined,
    keepSecret: () => Promise.reject(new Error('no secrets here')),
    kube: () => Promise.reject(new Error('no cluster here')),
    operator: noOperator,
    objects: () => Promise.reject(new Error('no objects here')),
    set: () => Promise.reject(new Error('no sets here')),
    sealer: () => Promise.reject(new Error('no sealer here')),
    itemsOf: () => Promise.reject(new Error('no items here')),
    items: {
      open: [],
      finished: new Set(),
      intend: () => Promise.reject(new Error('no items here')),
      settle: () => Promise.reject(new Error('no items here')),
    },
    signal: new AbortController().signal,
  };
  return { told, context };
};

/** What verify sees of a host that answers so. */
export const seeing = (world: World, stdout: string): VerifyContext => ({
  subject: SUBJECT,
  world,
  again: () => Promise.resolve(world),
  read: () => ({ read: () => Promise.resolve(ok(output(stdout))) }),
  kube: () => Promise.reject(new Error('no cluster here')),
  operator: noOperator,
  signal: new AbortController().signal,
});
