import { grouped, type Look, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

const BASE: Readonly<Record<string, string>> = {
  overlay: 'the container runtime stores images on overlayfs',
  br_netfilter: 'bridged pod traffic must pass the firewall rules of Services',
};

export const kernelBaseMissing = defineRule({
  code: 'kernel-base-missing',
  title: 'The kernel lacks what every cluster needs',
  severity: 'error',
  reads: ['kernel'],
  explain: `Every Kubernetes node needs \`overlay\` and \`br_netfilter\`, built in or as a module. Reduced cloud kernels and containers may lack them, and so does a
host whose running kernel's modules were removed by an upgrade (see \`reboot-pending\`).`,
  source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/',
  check: (context) => {
    const seen = observe(context, 'kernel', ({ features }): Look[] =>
      Object.keys(BASE)
        .filter((name) => features[name] === 'absent')
        .map((name) => ({
          text: `no ${name}, neither built in nor as a module`,
          at: `features.${name}`,
          key: name,
        })),
    );
    return findingPerKey(grouped(seen), (name, group) => ({
      title: `The kernel of ${where(group)} has no ${name}`,
      cause: `The kernel was built without it, or its modules are gone; ${BASE[name] ?? ''}.`,
      fix: manual("install the distribution's full kernel and reboot: apt-get install linux-image-amd64"),
    }));
  },
});
