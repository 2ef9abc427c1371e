import { count } from '../../core/text.js';
import { defineSpecRule } from '../rule.js';

export const serverCount = defineSpecRule({
  code: 'server-count',
  title: 'The number of servers is zero or even',
  severity: 'error',
  acceptable: true,
  explain: `etcd stays writable while more than half of its members are alive. Four servers survive the loss of one, as three do,
but have one more that can fail; two survive none. Use 1, 3, 5 or 7. Two or four in passing (while one is replaced) can be
accepted by an exception.`,
  reads: ['hosts'],
  check: ({ hosts }, { at, host: hostAt }) => {
    const servers = hosts.filter(({ role }) => role === 'server');
    const last = servers.at(-1);
    if (last === undefined)
      return [
        {
          message: 'the cluster has no server',
          location: at(['spec', 'hosts'], 'key'),
          hint: 'give one, three or five hosts the role server',
        },
      ];
    if (servers.length % 2 === 1) return [];
    return [
      {
        message: `${count(servers.length, 'server')} survive no more failures than ${servers.length - 1}`,
        location: hostAt(last),
        hint: `make ${last.name} an agent, or add a server`,
      },
    ];
  },
});
