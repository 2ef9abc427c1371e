import { isServer, members } from '../access.js';
import { findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const serversEven = defineRule({
  code: 'servers-even',
  title: 'The number of servers is even',
  severity: 'warning',
  reads: ['contact'],
  explain: `etcd needs a majority. Two servers tolerate no failure, exactly as one does, but fail twice as often; four tolerate one, as three do. Kubespray refuses an even number.`,
  source: 'https://etcd.io/docs/v3.5/faq/',
  check: (context) => {
    const servers = members(context).filter(isServer);
    // Only some hosts of a spec may have been measured: the spec knows how many servers there are.
    const count = context.cluster?.hosts.filter(({ role }) => role === 'server').length ?? servers.length;
    if (count === 0 || count % 2 === 1) return [];
    const seen = servers.map(({ name, role }) => ({
      host: name,
      fact: `hosts.${name}.role`,
      text: role,
      key: '',
    }));
    return findingIf(seen, () => ({
      title: `${count} servers tolerate no more failures than ${count - 1} would`,
      cause: 'A server was added or removed without its counterpart.',
      fix: manual('make it 3 or 5 servers, or turn one into an agent'),
    }));
  },
});
