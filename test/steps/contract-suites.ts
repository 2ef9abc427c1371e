/** Where steps are held to the contract, by the beginning of their ids; the longest one counts. */
interface Suite {
  readonly file: string;
  /** Why it is not a suite of lab hosts, which ends with `expectWholeContract`. */
  readonly instead?: string;
}

export const suites: Readonly<Record<string, Suite>> = {
  'host.': { file: 'test/lab/steps-host.test.ts' },
  'drill.': {
    file: 'test/lab-long/servers.test.ts',
    instead:
      'takes a node of a living cluster away and puts it back: there is no state that it would lead to',
  },
  'haproxy.': { file: 'test/lab/steps-host.test.ts' },
  'k3s.': { file: 'test/lab/steps-k3s.test.ts' },
  'k3s.keep-key': {
    file: 'test/steps/k3s/keep-key.test.ts',
    instead: 'changes the store of secrets alone: it reads a host, and keeps what it read',
  },
  'k3s.network': {
    file: 'test/steps/k3s/network.test.ts',
    instead: 'restarts all servers of a cluster at once: a cluster on the lab is changed by it and put back',
  },
  'k3s.addons': {
    file: 'test/steps/k3s/addons.test.ts',
    instead:
      'configures objects that K3s itself makes once the images of all add-ons are there: build-journey.test.ts has them',
  },
  'cni.': {
    file: 'test/lab/clean-cni.test.ts',
    instead: 'needs hosts that networks of an earlier attempt have left things on',
  },
  'sets.': {
    file: 'test/steps/sets/killed.test.ts',
    instead: 'changes objects of a cluster alone: an API in memory can be killed at every single request',
  },
  'cni.ipset-swap': { file: 'test/lab/steps-host.test.ts' },
  'cni.switch': {
    file: 'test/steps/cni/switch.test.ts',
    instead:
      'moves nodes of a cluster: three of them in memory can be killed at every effect; change-network-survival.test.ts cuts it on lab hosts',
  },
  'cni.up': {
    file: 'test/steps/cni/up.test.ts',
    instead: 'changes nothing: it waits, and looks at what a network made',
  },
  'cni.audit': {
    file: 'test/steps/cni/audit.test.ts',
    instead: 'changes nothing: it looks at what networks left',
  },
  'services.': {
    file: 'test/lab-long/services-without-proxy.test.ts',
    instead: 'needs a cluster without kube-proxy: one on the lab loses it, and gets it back',
  },
  'objects.': {
    file: 'test/steps/objects/killed.test.ts',
    instead: 'changes objects of a cluster alone: an API in memory can be killed at every single request',
  },
  'secrets.': {
    file: 'test/steps/secrets/deliver.test.ts',
    instead: 'changes Secrets of a cluster alone: applications.test.ts has them on the lab',
  },
  'operator.fetch': {
    file: 'test/steps/operator/fetch.test.ts',
    instead: 'changes the cache of the operator’s own machine, which is any machine that runs tests',
  },
  'operator.kubeconfig': {
    file: 'test/steps/operator/kubeconfig.test.ts',
    instead: 'changes a file of the operator’s own machine, which is any machine that runs tests',
  },
};

export const suiteOf = (id: string): Suite | undefined => {
  const fitting = Object.keys(suites).filter((begin) => id.startsWith(begin));
  const [longest = ''] = fitting.sort((a, b) => b.length - a.length);
  return suites[longest];
};
