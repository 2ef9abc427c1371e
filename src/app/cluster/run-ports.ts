import type { RunEvent } from '../../core/events/run.js';
import type { Kube } from '../../core/ports/kube.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { together } from '../../core/together.js';
import type { Action, Guard } from '../../plan/model.js';
import { fencedKube } from '../../run/fenced-kube.js';
import type { Mirror } from '../../run/mirror/mirror.js';
import { failureOfTransport } from '../../run/remote/failures.js';
import { hostEffects, hostReads } from '../../run/remote/host-effects.js';
import type { Saved } from '../../run/remote/saved.js';
import { withUndo } from '../../run/rollback/undo-step.js';
import { stepOf } from '../../steps/catalogue.js';
import type { StepFailure } from '../../steps/failure.js';
import type { GuardContext } from '../../steps/guard.js';
import type { SecretHandle } from '../../steps/step.js';
import type { ClusterLock } from './cluster-lock.js';
import type { KubeAccess } from './kube-access.js';
import type { OutageFile } from './outage-file.js';
import type { PortsRequest } from './run-request.js';
import { storedItems } from './run-store.js';
import { seeCluster } from './see-cluster.js';
import { runSets } from './sets/run-sets.js';
import type { ClusterTools } from './tools.js';
import { callUrl } from './verify/call-url.js';
import { worldView } from './world.js';

/** Steps, and their ways back. */
const anyStep = withUndo(stepOf);

/** What the ports of one run share. */
export interface Held {
  readonly lock: ClusterLock;
  readonly access: KubeAccess;
  /** For guards alone. */
  readonly watching: KubeAccess;
  readonly outages: OutageFile;
  readonly mirror: Mirror;
  /** Resolves when the event is on disk. */
  readonly record: (event: RunEvent) => Promise<void>;
}

/** The sealed store goes where the journal goes, so that another operator can open what the run made. */
export const mirrorSecrets = async (tools: ClusterTools, mirror: Mirror): Promise<void> => {
  const sealed = await tools.files.read(tools.secretsFile);
  if (sealed.ok) mirror.put('secrets.json', sealed.value);
};

const secretFailure = (message: string): StepFailure => ({
  class: 'permanent',
  code: 'secret-unreadable',
  message,
});

const NO_BUNDLE: StepFailure = {
  class: 'permanent',
  code: 'objects-no-bundle',
  message: 'this run carries no objects: its spec is no migration',
};

/** Writes down what is saved on hosts; calls that save nothing more say nothing new. */
const savedKeeper = (run: string, record: Held['record']) => {
  const known = new Map<string, string>();
  return (action: string, host: string) =>
    async (saved: Saved): Promise<void> => {
      const key = `${action} ${host}`;
      if (known.get(key) === saved.digest) return;
      await record({ type: 'action-saved', run, action, host, ...saved });
      known.set(key, saved.digest);
    };
};

/** Everything that performing actions needs of the outside, for one run under its lock. */
export const portsOf = (tools: ClusterTools, request: PortsRequest, held: Held) => {
  const { lock, access, mirror } = held;
  const targets = new Map(request.hosts.map(({ target }) => [target.name, target]));
  const targetFor = (host: string): HostTarget => targets.get(host) ?? { name: host, address: host };
  const sets = runSets(tools, request, access);
  const clusterNow = together(() => seeCluster(access, tools)(tools.hard));
  const view = worldView(tools, request.hosts, request.facts?.hosts ?? [], {
    sets: sets.see,
    secrets: sets.secrets,
    cluster: (signal) => clusterNow(undefined, signal),
    operator: tools.machine.see,
  });
  const keepSaved = savedKeeper(request.id, held.record);
  const common = (action: Action, host: string, signal: AbortSignal) => ({
    transport: tools.transport,
    target: targetFor(host),
    run: request.id,
    action: action.id,
    cluster: request.plan.cluster.name,
    fencing: lock.fencing,
    timeoutMs: anyStep(action.step)?.timeoutMs ?? 60_000,
    signal,
  });
  return {
    step: anyStep,
    observe: view.observe,
    effects: (action: Action, host: string, signal: AbortSignal) =>
      hostEffects({ ...common(action, host, signal), saved: keepSaved(action.id, host) }),
    reads: (action: Action, host: string, signal: AbortSignal) => hostReads(common(action, host, signal)),
    kube: async (_action: Action, signal: AbortSignal): Promise<Result<Kube, StepFailure>> => {
      const opened = await access.open(signal);
      return opened.ok ? ok(fencedKube(opened.value, lock.fence)) : opened;
    },
    objects: request.objects ?? (() => Promise.resolve(err(NO_BUNDLE))),
    sets: {
      ...sets.ports,
      sealer: async () => {
        const sealer = await sets.ports.sealer();
        await mirrorSecrets(tools, mirror);
        return sealer;
      },
    },
    itemsOf: storedItems(tools.stateDir),
    operator: tools.machine.effects,
    keepSecret: async (handle: string, value: Uint8Array): Promise<Result<SecretHandle, StepFailure>> => {
      const stored = await tools.secrets.ensure(handle, () => value);
      await mirrorSecrets(tools, mirror);
      return stored.ok ? ok({ secret: handle }) : err(secretFailure(stored.error.message));
    },
    secret: async (handle: string): Promise<Result<Uint8Array, StepFailure>> => {
      const found = await tools.secrets.get(handle);
      return found.ok ? found : err(secretFailure(found.error.message));
    },
  };
};

/** No guard watches longer; its sessions end with the guard. */
const WATCH_MS = 24 * 3_600_000;

/** What a guard may use while a run goes on. */
export const guardContext = (
  tools: ClusterTools,
  request: PortsRequest,
  guard: Guard,
  {
    access,
    outages,
    signal,
  }: { readonly access: KubeAccess; readonly outages: OutageFile; readonly signal: AbortSignal },
): GuardContext => {
  const targets = new Map(request.hosts.map(({ target }) => [target.name, target]));
  const targetFor = (host: string): HostTarget => targets.get(host) ?? { name: host, address: host };
  return {
    run: request.id,
    hosts: guard.hosts,
    read: (host) =>
      hostReads({ transport: tools.transport, target: targetFor(host), timeoutMs: 60_000, signal }),
    open: async (host, script) => {
      const opened = await tools.transport.open(targetFor(host), script, { timeoutMs: WATCH_MS });
      return opened.ok ? opened : err(failureOfTransport(opened.error));
    },
    // A guard that was told to end still removes what it made.
    kube: () => access.open(signal.aborted ? tools.hard : signal),
    callUrl: (wanted) => callUrl({ ...wanted, status: [], insecure: true }, signal),
    keep: outages.keep,
    hard: tools.hard,
    clock: tools.clock,
    signal,
  };
};
