import { collectHost } from '../../facts/collect-host.js';
import type { CollectorId, HostFacts } from '../../facts/model/host-facts.js';
import type { World } from '../../steps/step.js';
import type { DoctorHost } from '../doctor/subject.js';
import type { ClusterTools } from './tools.js';

/** The world as it was last seen; observing again renews parts of it. */
export interface WorldView {
  readonly now: () => World;
  readonly observe: (
    hosts: readonly string[],
    reads: readonly CollectorId[],
    signal: AbortSignal,
  ) => Promise<World>;
}

const merged = (before: HostFacts | undefined, fresh: HostFacts): HostFacts =>
  fresh.contact.state === 'failed'
    ? fresh
    : { ...fresh, sections: { ...before?.sections, ...fresh.sections } };

/** A view that starts from facts and looks at single hosts again, with the collectors that a step reads. */
export const worldView = (
  tools: Pick<ClusterTools, 'transport' | 'clock' | 'random'>,
  hosts: readonly DoctorHost[],
  facts: readonly HostFacts[],
): WorldView => {
  const known = new Map(facts.map((each) => [each.name, each]));
  const targets = new Map(hosts.map((host) => [host.target.name, host]));
  const options = {
    clock: tools.clock,
    key: tools.random.bytes(32),
    nonce: Buffer.from(tools.random.bytes(8)).toString('hex'),
  };
  return {
    now: () => ({ hosts: new Map(known) }),
    observe: async (names, reads, signal) => {
      await Promise.all(
        names.map(async (name) => {
          const host = targets.get(name);
          if (host === undefined) throw new Error(`an action names ${name}, which the spec does not`);
          const { facts: fresh } = await collectHost(tools.transport, host.target, {
            ...options,
            role: host.role,
            only: reads,
            signal,
          });
          known.set(name, merged(known.get(name), fresh));
        }),
      );
      return { hosts: new Map(known) };
    },
  };
};
