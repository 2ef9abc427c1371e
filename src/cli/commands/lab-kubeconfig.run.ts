import { labKubeconfig } from '../../lab/cluster/kubeconfig.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const made = await labKubeconfig(labContext(context), changeRequest(args, 'lab kubeconfig'));
  if (!made.ok) return { errors: [made.error] };
  context.print(made.value.text);
  return { exit: 'ok' };
};
