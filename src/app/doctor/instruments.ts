import { probePairs } from '../../facts/probes/pairs.js';
import { probePorts } from '../../facts/probes/ports.js';
import { askHost } from './ask-host.js';
import { collectFacts } from './collect.js';
import type { InstrumentParts } from './instrument-parts.js';
import type { Subject } from './subject.js';
import type { Instruments } from './tools.js';

/** Range of pods that K3s takes by default: what is probed when no spec names another. */
const DEFAULT_PODS = '10.42.0.0/16';

const portsOf = ({ cluster, hosts }: Subject) =>
  probePorts({ tunnelPort: cluster?.spec.network.cni.port, sshPort: hosts[0]?.target.port });

/** Facts and probes over one transport. */
export const sshInstruments = (parts: InstrumentParts): Instruments => ({
  collect: (hosts, { timeoutMs }) => collectFacts(parts, hosts, timeoutMs),
  probe: (subject, networks, { deep, speaking }) =>
    probePairs({
      ...parts,
      hosts: subject.hosts.map(({ target }) => target),
      networks,
      ports: portsOf(subject),
      options: { deep, speaking, pods: subject.cluster?.spec.network.pods ?? DEFAULT_PODS },
    }),
  ask: ({ target }, script) => askHost(target, script, parts),
  dispose: () => parts.transport.dispose(),
});
