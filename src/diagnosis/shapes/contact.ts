import { printable } from '../../core/text.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { members } from '../access.js';
import { finding, manual, named } from '../compose.js';
import type { Rule } from '../rule.js';

/** One way in which a host cannot be reached, as the transport names it. */
export interface ContactFailure {
  readonly code: string;
  readonly title: string;
  /** Kinds of the transport's failure that this rule speaks of. */
  readonly kinds: readonly string[];
  /** Completes "k3s-worker-01 …". */
  readonly says: string;
  readonly cause: string;
  readonly fix: (hosts: readonly HostFacts[]) => string;
  readonly explain: string;
}

/** Rules about hosts that could not be reached differ only in the failure that they answer. */
export const contactRule = ({ kinds, says, cause, fix, ...rule }: ContactFailure): Rule => ({
  ...rule,
  severity: 'error',
  reads: ['contact'],
  source: 'man ssh(1), sshd(8)',
  check: (context) => {
    const hosts = members(context).filter(
      ({ contact }) => contact.state === 'failed' && kinds.includes(contact.failure),
    );
    if (hosts.length === 0) return [];
    const seen = hosts.map((host) => ({
      host: host.name,
      fact: `hosts.${host.name}.contact`,
      text: printable(host.contact.state === 'failed' ? host.contact.detail : ''),
      key: '',
    }));
    const title = `${named(hosts.map((host) => host.name))} ${says}`;
    return [finding(seen, { title, cause, fix: manual(fix(hosts)) })];
  },
});

/** "root@10.0.0.110" is not known here; the address is. */
export const firstAddress = (hosts: readonly HostFacts[]): string => hosts[0]?.address ?? '';
