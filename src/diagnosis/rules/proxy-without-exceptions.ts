import { cidrHasAddress, contains, parseCidr } from '../../core/cidr.js';
import { type Look, members, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule, type RuleContext } from '../rule.js';

/** What must not go through a proxy: addresses of the hosts, and the ranges of pods and Services. */
const mustBypass = (context: RuleContext): string[] => {
  const network = context.cluster?.spec.network;
  if (network === undefined) return members(context).map(({ address }) => address);
  return [network.nodes, network.pods, network.services];
};

const covers = (entry: string, wanted: string): boolean => {
  if (entry === '*' || entry === wanted) return true;
  if (!wanted.includes('/')) return cidrHasAddress(entry, wanted);
  const [outer, inner] = [parseCidr(entry), parseCidr(wanted)];
  return outer !== undefined && inner !== undefined && contains(outer, inner);
};

export const proxyWithoutExceptions = defineRule({
  code: 'proxy-without-exceptions',
  title: 'A proxy is set without exceptions for the cluster',
  severity: 'error',
  reads: ['proxies', 'spec'],
  explain: `The environment names a proxy, and \`NO_PROXY\` does not name the ranges of nodes, pods and Services. K3s and containerd inherit the variables and send joins, API calls and health checks to the proxy, which does not know
the way back.`,
  source: 'https://docs.k3s.io/advanced#configuring-an-http-proxy',
  causes: ['install-failing'],
  check: (context) => {
    const wanted = mustBypass(context);
    const seen = observe(context, 'proxies', (proxies): Look | undefined => {
      const proxy = proxies.find(({ name }) => /^(https?|all)_proxy$/i.test(name));
      if (proxy === undefined) return undefined;
      const exceptions = proxies
        .filter(({ name }) => /^no_proxy$/i.test(name))
        .flatMap(({ value }) => value.split(/[\s,]+/))
        .filter((entry) => entry !== '');
      const missing = wanted.filter((range) => !exceptions.some((entry) => covers(entry, range)));
      if (missing.length === 0) return undefined;
      return {
        text: `${proxy.name} in ${proxy.source}; NO_PROXY lacks ${missing.slice(0, 4).join(', ')}`,
        at: proxy.name,
      };
    });
    return findingIf(seen, () => ({
      title: `A proxy is set on ${where(seen)} without exceptions for the cluster's own ranges`,
      cause: 'NO_PROXY was written before the cluster had ranges.',
      fix: manual(
        `NO_PROXY=127.0.0.0/8,${wanted.slice(0, 4).join(',')},.svc,.cluster.local in /etc/systemd/system/k3s.service.env`,
      ),
    }));
  },
});
