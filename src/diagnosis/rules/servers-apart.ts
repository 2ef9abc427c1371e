import { findingIf, step, where } from '../compose.js';
import { k3sInstalls } from '../k3s.js';
import { defineRule } from '../rule.js';

export const serversApart = defineRule({
  code: 'servers-apart',
  title: 'Servers do not share one datastore',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `Several K3s servers, and at least one keeps its data in SQLite. SQLite lives on one server only, so these are separate clusters that look like one. The first server needs \`cluster-init: true\` (SQLite is converted at the restart), the
others \`server: https://FIRST:6443\`.`,
  source: 'https://docs.k3s.io/datastore/ha-embedded',
  check: (context) => {
    const servers = k3sInstalls(context, 'server');
    if (servers.length < 2 || !servers.some(({ install }) => install.datastore === 'sqlite')) return [];
    const seen = servers.map(({ host, install }) => ({
      host,
      fact: `hosts.${host}.kubernetes.installs.k3s.datastore`,
      text: `datastore ${install.datastore}`,
      key: '',
    }));
    return findingIf(seen, () => ({
      title: `The servers ${where(seen)} do not share one datastore`,
      cause: 'A server was started without cluster-init or without the address of the first server.',
      fix: step(
        'k3s.config',
        'decide which server holds the true cluster, give it cluster-init: true, and join the others anew with server: and token:',
      ),
    }));
  },
});
