import type { Kube } from '../core/ports/kube.js';
import { type CheckResult, passIf } from './check.js';

/** One way to the API: a server, or the balancer before them. The client checks the chain and the name or address. */
export interface ApiPath {
  readonly kind: 'server' | 'balancer';
  readonly name: string;
  readonly kube: Kube;
}

const WORDS = {
  server: { check: 'api-server', title: 'The API is ready through every server' },
  balancer: { check: 'api-balancer', title: 'The API is ready through the balancer' },
} as const;

/**
 * The API answers `ready` through every server and through the balancer, with a certificate of the cluster's own CA
 * that is made out to the address that was called.
 */
export const checkApi = async (paths: readonly ApiPath[], signal: AbortSignal): Promise<CheckResult[]> =>
  Promise.all(
    paths.map(async ({ kind, name, kube }) => {
      const answer = await kube.raw('/readyz', { signal, timeoutMs: 10_000 });
      const said = answer.ok ? answer.value.trim() : `${answer.error.kind}: ${answer.error.message}`;
      return passIf(answer.ok && said === 'ok', {
        ...WORDS[kind],
        node: name,
        detail: `${kube.target.server}: ${said}`,
      });
    }),
  );

/** The way that answers first; undefined when none does. */
export const firstReady = async (
  paths: readonly ApiPath[],
  signal: AbortSignal,
): Promise<Kube | undefined> => {
  const asked = paths.map(async ({ kube }) => {
    const answer = await kube.raw('/readyz', { signal, timeoutMs: 10_000 });
    return answer.ok ? kube : Promise.reject(new Error(answer.error.message));
  });
  return Promise.any(asked).catch(() => undefined);
};
