import semver from 'semver';
import { findingIf, manual, where } from '../compose.js';
import { k3sInstalls } from '../k3s.js';
import { defineRule } from '../rule.js';

export const k3sVersionsDiffer = defineRule({
  code: 'k3s-versions-differ',
  title: 'Nodes run different versions of K3s',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `Servers must be of one version but for the time of an upgrade, and agents must never be newer than the servers: kubelet may be older than the API server, not newer. An etcd minor may differ between K3s patch releases too.`,
  source: 'https://kubernetes.io/releases/version-skew-policy/',
  check: (context) => {
    const all = k3sInstalls(context).filter(({ install }) => install.version !== undefined);
    if (new Set(all.map(({ install }) => install.version)).size < 2) return [];
    const versions = (role: string) =>
      all
        .filter(({ install }) => install.role === role)
        .flatMap(({ install }) => semver.coerce(install.version) ?? []);
    const oldestServer = semver.sort(versions('server'))[0];
    const newer =
      oldestServer !== undefined && versions('agent').some((agent) => semver.gt(agent, oldestServer));
    const seen = all.map(({ host, install }) => ({
      host,
      fact: `hosts.${host}.kubernetes.installs.k3s.version`,
      text: `${install.role} ${install.version ?? ''}`,
      key: '',
    }));
    return findingIf(seen, () => ({
      severity: newer ? 'error' : 'warning',
      title: newer
        ? `An agent is newer than a server among ${where(seen)}`
        : `K3s has different versions on ${where(seen)}`,
      cause:
        'An upgrade stopped half-way, or hosts were installed at different times without a pinned version.',
      fix: manual('bring all to one version, servers first, one at a time (INSTALL_K3S_VERSION pins it)'),
    }));
  },
});
