import type { Kube } from '../core/ports/kube.js';
import { type CheckResult, passIf } from './check.js';

/** One way to the API: a server, or the balancer before them. */
export interface ApiPath {
  readonly name: string;
  readonly kube: Kube;
}

/** The API answers `ready` through every server and through the endpoint of the spec. */
export const checkApi = async (paths: readonly ApiPath[], signal: AbortSignal): Promise<CheckResult[]> =>
  Promise.all(
    paths.map(async ({ name, kube }) => {
      const answer = await kube.raw('/readyz', { signal, timeoutMs: 10_000 });
      const detail = answer.ok ? answer.value.trim() : answer.error.message;
      return passIf(answer.ok && detail === 'ok', {
        check: 'api-ready',
        title: 'The API is ready through every server',
        node: name,
        detail,
      });
    }),
  );
