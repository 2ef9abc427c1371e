import type { Clock } from '../core/ports/clock.js';
import type { CallOptions, KubeFailure, KubeResource } from '../core/ports/kube.js';
import { ok, type Result } from '../core/result.js';
import type { Credentials } from './credentials.js';
import { sendJson } from './request.js';

interface RawResources {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

interface RawGroups {
  readonly groups: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly preferred: boolean;
}

const pathOf = ({ group, version }: GroupVersion): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

const resourcesOf = (at: GroupVersion, raw: RawResources): KubeResource[] =>
  raw.resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({
      ...at,
      plural: name,
      kind,
      namespaced,
      verbs: [...verbs],
    }));

/**
 * All kinds that the API serves. A group whose own server is down (an aggregated API) is left out rather than
 * hiding all others; failures of the core group or of the group list are failures of the whole.
 */
export const discover = async (
  credentials: Credentials,
  options: CallOptions,
  clock: Clock,
): Promise<Result<readonly KubeResource[], KubeFailure>> => {
  const groups = await sendJson<RawGroups>(credentials, { method: 'GET', path: '/apis', ...options }, clock);
  if (!groups.ok) return groups;
  const versions: GroupVersion[] = [{ group: '', version: 'v1', preferred: true }];
  for (const { name, versions: served, preferredVersion } of groups.value.groups) {
    for (const { version } of served)
      versions.push({ group: name, version, preferred: version === preferredVersion?.version });
  }
  const answers = await Promise.all(
    versions.map(async (at) => ({
      at,
      answer: await sendJson<RawResources>(
        credentials,
        { method: 'GET', path: pathOf(at), ...options },
        clock,
      ),
    })),
  );
  const core = answers[0];
  if (core !== undefined && !core.answer.ok) return core.answer;
  return ok(answers.flatMap(({ at, answer }) => (answer.ok ? resourcesOf(at, answer.value) : [])));
};
