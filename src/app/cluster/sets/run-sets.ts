import type { DroverErrors } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import { together } from '../../../core/together.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { PerformPorts } from '../../../run/perform.js';
import type { StepFailure } from '../../../steps/failure.js';
import { emptySet } from '../../../steps/sets/object-set.js';
import { seeSets } from '../../../steps/sets/see-sets.js';
import { secretsSeen } from '../apps/stored-secrets.js';
import type { KubeAccess } from '../kube-access.js';
import type { PortsRequest } from '../run-request.js';
import { seeCluster } from '../see-cluster.js';
import type { ClusterTools } from '../tools.js';
import type { OtherViews, SeeSets } from '../world.js';
import { formerSealer } from './former-sealer.js';

const failureOf = ([{ code, message, cause, hint }]: DroverErrors): StepFailure => ({
  class: 'permanent',
  code,
  message,
  ...(cause === undefined ? {} : { cause }),
  ...(hint === undefined ? {} : { hint }),
});

const TIMEOUT_MS = 60_000;

/** What was rendered for the plan; a process that goes on with a run looks at the hosts and renders again. */
const rendered = async (
  tools: ClusterTools,
  { hosts }: PortsRequest,
  access: KubeAccess,
): Promise<Result<readonly WantedSet[], StepFailure>> => {
  if (tools.sets === undefined) return ok([]);
  const last = tools.sets.last();
  if (last !== undefined) return ok(last);
  const options = { passive: true, deep: false, timeoutMs: TIMEOUT_MS };
  const [seen, cluster] = await Promise.all([
    tools.instruments.collect(hosts, options),
    seeCluster(access, tools)(tools.hard),
  ]);
  const world = {
    hosts: new Map(seen.map((host) => [host.name, host])),
    ...(cluster === undefined ? {} : { cluster }),
  };
  const made = await tools.sets.render(world);
  return made.ok ? made : err(failureOf(made.error));
};

/** What a run needs of object sets: to look at them, to render them, and to seal what they change. */
export const runSets = (
  tools: ClusterTools,
  request: PortsRequest,
  access: KubeAccess,
): {
  readonly see: SeeSets;
  readonly secrets: NonNullable<OtherViews['secrets']>;
  readonly ports: NonNullable<PerformPorts['sets']>;
} => {
  const see = async (names: readonly string[] | 'all', signal: AbortSignal) => {
    const wanted = await rendered(tools, request, access);
    const kube = await access.open(signal);
    if (!wanted.ok || !kube.ok) return undefined;
    const seen = await seeSets(
      { kube: kube.value, signal },
      wanted.value.map(({ set }) => set),
      names,
    );
    return seen.ok ? seen.value : undefined;
  };
  // Neighbours of a wave ask at the same time, and one question reads what all of them need.
  const seeSecrets = together(async () => {
    const wanted = await rendered(tools, request, access);
    const kube = await access.open(tools.hard);
    return wanted.ok && kube.ok ? secretsSeen(wanted.value, kube.value, tools, tools.hard) : undefined;
  });
  const seeNamed = together((names: readonly (readonly string[])[]) =>
    see([...new Set(names.flat())], tools.hard),
  );
  return {
    secrets: (signal) => seeSecrets(undefined, signal),
    see: (names, signal) => (names === 'all' ? see('all', signal) : seeNamed(names, signal)),
    ports: {
      set: async (name) => {
        const wanted = await rendered(tools, request, access);
        if (!wanted.ok) return wanted;
        return ok(wanted.value.find(({ set }) => set.name === name)?.set ?? emptySet(name));
      },
      sealer: () => formerSealer(tools),
    },
  };
};
