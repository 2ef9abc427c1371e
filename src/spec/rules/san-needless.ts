import { repeated } from '../repeated.js';
import { defineSpecRule } from '../rule.js';

export const sanNeedless = defineSpecRule({
  code: 'san-needless',
  title: 'A name of the API’s certificate is given twice',
  severity: 'warning',
  explain: `The endpoint and the names and addresses of all servers are in the certificate anyway. \`api.sans\` is for further names.`,
  reads: ['api', 'hosts'],
  check: ({ api, hosts }, { at }) => {
    const servers = hosts
      .filter(({ role }) => role === 'server')
      .flatMap(({ name, address }) => [name, address]);
    const present = [...servers, ...(api.endpoint === undefined ? [] : [api.endpoint])];
    return repeated([...present, ...api.sans], (name) => name)
      .filter(({ index }) => index >= present.length)
      .map(({ item, index }) => ({
        message: `${item} is in the certificate already`,
        location: at(['spec', 'api', 'sans', index - present.length]),
        hint: 'remove it',
      }));
  },
});
