import type { AdminAccess } from '../../core/admin-access.js';
import { type KubeconfigEntry, soleKubeconfig } from '../../core/kubeconfig.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import type { OperatorReads } from '../operator-effects.js';

/** A way to the API: the load balancer, or one server. */
export type ApiWay = {
  readonly kind: 'balancer' | 'server';
  readonly name: string;
  /** `https://10.0.0.10:6443` */
  readonly url: string;
};

const entryOf = ({ authority, user }: AdminAccess, { url }: ApiWay): KubeconfigEntry => ({
  cluster: { server: url, 'certificate-authority-data': authority },
  user,
});

export const wayText = ({ kind, name, url }: ApiWay): string =>
  `${kind === 'balancer' ? 'the load balancer ' : 'server '}${name} (${url})`;

export interface Chosen {
  readonly entry: KubeconfigEntry;
  readonly way: ApiWay;
  /** Ways before it, each with why it was passed over. */
  readonly passed: readonly string[];
}

/** The first way that answers with a certificate that holds, and takes the keys. */
export const chooseWay = async (
  ways: readonly ApiWay[],
  access: AdminAccess,
  operator: OperatorReads,
): Promise<Result<Chosen, StepFailure>> => {
  const passed: string[] = [];
  for (const way of ways) {
    const entry = entryOf(access, way);
    const asked = await operator.ask(soleKubeconfig(entry));
    if (asked.ok) return ok({ entry, way, passed });
    passed.push(`${wayText(way)}: ${asked.error}`);
  }
  return err({
    class: 'transient',
    code: 'kube-unreachable',
    message: 'the API answers by no way from this machine',
    cause: passed.join('; '),
  });
};
