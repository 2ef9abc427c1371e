import { wantedVersion } from '../../app/cluster/artifacts.js';
import { callUrl } from '../../app/cluster/verify/call-url.js';
import { proveCluster } from '../../app/cluster/verify/prove.js';
import { absentHosts } from '../../app/lab/absent-hosts.js';
import { parseDuration } from '../../core/duration.js';
import type { DroverError } from '../../core/error.js';
import { clusterSetup } from '../cluster-setup.js';
import type { Handler } from '../command.js';
import { kubeFlags } from '../kube-flags.js';
import { labContext, textFlag } from '../lab-context.js';

const badTime = (text: string): DroverError => ({
  code: 'verify-time',
  message: `--timeout takes a time such as 90s or 5m, not '${text}'`,
  state: 'nothing was done',
});

const needsBundle = (flag: string): DroverError => ({
  code: 'bad-usage',
  message: `--${flag} names the target of --bundle; without it the cluster of the spec is verified`,
  state: 'nothing was done',
  hint: 'add --bundle DIR, or leave it out',
});

const proveSpec: Handler = async (args, context) => {
  const timeout = textFlag(args.flags, 'timeout') ?? '';
  const limitMs = parseDuration(timeout);
  if (limitMs === undefined) return { errors: [badTime(timeout)] };
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { cluster, subject, tools } = setup.value;
  try {
    const wanted = await wantedVersion(cluster, context.realm, labContext(context));
    if (!wanted.ok) return { errors: [wanted.error] };
    const { version, airgap } = wanted.value;
    const { image } = cluster.spec.acceptance;
    const absent = await absentHosts(cluster, context);
    const proof = await proveCluster(
      { cluster, subject, version, image, airgap, absent, limitMs, callUrl },
      tools,
    );
    if (!proof.ok) return { errors: proof.error };
    if (proof.value === undefined) return { exit: 'interrupted' };
    if (args.flags['output'] === 'json') context.print(`${JSON.stringify(proof.value, null, 2)}\n`);
    return { exit: proof.value.failed > 0 ? 'verification-failed' : 'ok' };
  } finally {
    await tools.instruments.dispose();
  }
};

export const run: Handler = async (args, context) => {
  if (textFlag(args.flags, 'bundle') === undefined) {
    const stray = kubeFlags.find(({ name }) => args.flags[name] !== undefined);
    return stray === undefined ? proveSpec(args, context) : { errors: [needsBundle(stray.name)] };
  }
  const { compareBundle } = await import('../compare-bundle.js');
  return compareBundle(args, context);
};
