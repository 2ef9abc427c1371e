import { fetchArtifacts } from '../../app/cluster/artifacts.js';
import { verifyCluster } from '../../app/cluster/verify.js';
import { verifyText } from '../../report/verify-text.js';
import { clusterSetup } from '../cluster-setup.js';
import type { Handler } from '../command.js';
import { labContext, textFlag } from '../lab-context.js';
import { parseDuration } from './doctor.run.js';

export const run: Handler = async (args, context) => {
  const limitMs = parseDuration(textFlag(args.flags, 'timeout') ?? '');
  if (limitMs === undefined)
    return {
      errors: [
        {
          code: 'doctor-time',
          message: '--timeout takes a time such as 90s or 5m',
          state: 'nothing was done',
        },
      ],
    };
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { cluster, subject, tools } = setup.value;
  try {
    const artifacts = await fetchArtifacts(cluster, context.realm, labContext(context));
    if (!artifacts.ok) return { errors: [artifacts.error] };
    const image = textFlag(args.flags, 'image') ?? '';
    const results = await verifyCluster(
      { cluster, subject, version: artifacts.value.binary.version, image, limitMs },
      tools,
    );
    if (!results.ok) return { errors: results.error };
    for (const result of results.value) tools.emit({ type: 'check-result', ...result });
    const style = { ...context.style, unicode: true };
    context.print(
      args.flags['output'] === 'json'
        ? `${JSON.stringify(results.value, null, 2)}\n`
        : verifyText(style, results.value),
    );
    return { exit: results.value.some(({ status }) => status === 'fail') ? 'verification-failed' : 'ok' };
  } finally {
    await tools.instruments.dispose();
  }
};
