import { members, type Observation, observe, valueOf } from '../access.js';
import { where } from '../compose.js';
import { kernelAtLeast } from '../kernel-version.js';
import type { RuleContext } from '../rule.js';
import { type Check, impossible, needs, pass, unmeasured } from './check.js';

const EVIDENCE = 3;

/** "all 8 hosts", or the names of those concerned. */
const who = (context: RuleContext, seen: readonly Observation[]): string => {
  const all = members(context).length;
  const concerned = new Set(seen.map(({ host }) => host)).size;
  return all > 1 && concerned === all ? `all ${all} hosts` : where(seen);
};

/** Does every host's kernel know the feature, built in or as a module? */
export const kernelFeature = (context: RuleContext, name: string): Check => {
  const states = observe(context, 'kernel', ({ features }) =>
    features[name] === undefined
      ? undefined
      : { text: `${name} is ${features[name]}`, at: `features.${name}`, key: features[name] },
  );
  const absent = states.filter(({ key }) => key === 'absent');
  if (absent.length > 0)
    return impossible(
      `the kernel of ${who(context, absent)} has no ${name}, neither built in nor as a module`,
      ...absent.slice(0, EVIDENCE),
    );
  const [first] = states;
  return first === undefined
    ? unmeasured(`whether the kernels have ${name}: run drover doctor on the hosts`)
    : pass(first);
};

/** Is every host's kernel new enough? */
export const kernelVersion = (context: RuleContext, minimum: string): Check => {
  const kernels = observe(context, 'os', ({ kernel }) => ({
    text: `kernel ${kernel}`,
    at: 'kernel',
    key: kernel,
  }));
  const old = kernels.filter(({ key }) => kernelAtLeast(key, minimum) === false);
  if (old.length > 0)
    return impossible(
      `the kernel of ${who(context, old)} is older than ${minimum}`,
      ...old.slice(0, EVIDENCE),
    );
  const [first] = kernels;
  return first === undefined
    ? unmeasured('the version of the kernels: run drover doctor on the hosts')
    : pass(first);
};

/** Can BPF programs be loaded on every host? Cilium needs type information of the kernel and no lockdown. */
export const bpfReady = (context: RuleContext): Check => {
  const without = observe(context, 'kernel', ({ btf }) =>
    btf ? undefined : { text: 'no /sys/kernel/btf/vmlinux', at: 'btf' },
  );
  if (without.length > 0)
    return impossible(
      `the kernel of ${who(context, without)} has no BTF (CONFIG_DEBUG_INFO_BTF)`,
      ...without.slice(0, EVIDENCE),
    );
  const locked = observe(context, 'security', ({ lockdown }) =>
    lockdown === 'confidentiality' ? { text: 'lockdown: confidentiality', at: 'lockdown' } : undefined,
  );
  if (locked.length > 0)
    return impossible(`kernel lockdown forbids BPF on ${where(locked)}`, ...locked.slice(0, EVIDENCE));
  return pass();
};

/** Cilium in place of kube-proxy attaches to cgroups, which needs the v2 hierarchy. */
export const cgroupReady = (context: RuleContext): Check => {
  if (context.cluster?.spec.network.kubeProxy !== 'replaced') return pass();
  const old = observe(context, 'cgroups', ({ version }) =>
    version === 'v1' ? { text: 'cgroup v1', at: 'version' } : undefined,
  );
  return old.length === 0
    ? pass()
    : needs(`cgroup v2 on ${where(old)}: replacing kube-proxy attaches to it`, ...old.slice(0, EVIDENCE));
};

/** Strict reverse-path filtering cuts the old network from the new one while both are in use. */
export const reversePath = (context: RuleContext): Check => {
  const busy = members(context).filter((host) =>
    (valueOf(host, 'kubernetes')?.installs ?? []).some(({ active }) => active === 'active'),
  );
  const names = new Set(busy.map(({ name }) => name));
  const key = 'net.ipv4.conf.all.rp_filter';
  const strict: Observation[] = observe(context, 'sysctls', (sysctls, host) =>
    names.has(host.name) && sysctls[key] === '1' ? { text: `${key} = 1`, at: key } : undefined,
  );
  return strict.length === 0
    ? pass()
    : needs(
        `${key} = 2 on ${where(strict)}: with 1 the old and the new network cannot talk to each other`,
        ...strict.slice(0, EVIDENCE),
      );
};
