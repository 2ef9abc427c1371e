import type { DroverErrors } from '../../core/error.js';
import { EVENT_CLASS } from '../../core/events/event.js';
import type { RunEvent } from '../../core/events/run.js';
import { ok, type Result } from '../../core/result.js';
import { joinSignals } from '../../core/signals.js';
import type { Plan } from '../../plan/model.js';
import { type Mirror, openMirror } from '../../run/mirror/mirror.js';
import { modeOf } from '../../run/mode.js';
import { controlSpan, summarizeOutages } from '../../run/outages.js';
import { runPlan } from '../../run/run-plan.js';
import type { RunSummary } from '../../run/summary.js';
import { guardOf } from '../../steps/guards/catalogue.js';
import { networkPairs } from '../../steps/guards/network-pairs.js';
import { removeOthers } from '../../steps/guards/pairs/probers.js';
import { serverTargets } from '../doctor/subject.js';
import { takeClusterLock } from './cluster-lock.js';
import { forgetRuns } from './forget-runs.js';
import { type KubeAccess, kubeAccess } from './kube-access.js';
import { type OutageFile, outageFile, readOutages } from './outage-file.js';
import { quorumGate } from './quorum.js';
import type { Replan } from './replan.js';
import { guardContext, type Held, mirrorSecrets, portsOf } from './run-ports.js';
import type { RunRequest } from './run-request.js';
import type { ClusterTools } from './tools.js';

const noReplan: Replan = () => Promise.reject(new Error('a plan with later stages runs without a planner'));

const mirrorOf = (request: RunRequest, tools: ClusterTools, fencing: number): Mirror => {
  const mirror = openMirror({
    transport: tools.transport,
    clock: tools.clock,
    hosts: serverTargets(request.hosts),
    run: request.id,
    cluster: request.plan.cluster.name,
    fencing,
    lines: request.lines ?? [],
  });
  mirror.put('plan.json', `${JSON.stringify(request.plan)}\n`);
  return mirror;
};

/** What only the journal knows once the effect has begun: states that were found, of hosts and of objects. */
const isFormer = (event: RunEvent): boolean =>
  event.type === 'items-intent' || (event.type === 'action-checkpoint' && event.former === true);

/** What is on disk here goes to the copies, then to whoever watches. Before the end of a run comes what it cost. */
const recorder = (request: RunRequest, tools: ClusterTools, mirror: Mirror, outages: OutageFile) => {
  const lines = [...(request.lines ?? [])];
  const record = async (event: RunEvent): Promise<void> => {
    if (EVENT_CLASS[event.type] === 'durable') {
      const line = await request.journal.append(event);
      if ('action' in event) lines.push(line);
      mirror.add(line);
      if (isFormer(event)) await mirror.reach();
    }
    tools.emit(event);
  };
  return async (event: RunEvent): Promise<void> => {
    if (event.type === 'run-done') {
      await outages.flush();
      const records = await readOutages(tools.stateDir, request.id);
      const cost = summarizeOutages(request.id, records, controlSpan(lines));
      if (cost !== undefined) await record(cost);
    }
    await record(event);
  };
};

const runUnderLock = async (request: RunRequest, tools: ClusterTools, held: Held): Promise<RunSummary> => {
  const mode = modeOf(request.plan);
  const breached = new AbortController();
  const limit = joinSignals([tools.hard, held.lock.lost, breached.signal]);
  const record: Held['record'] = async (event) => {
    await held.record(event);
    if (event.type === 'guard-breach' && request.cutOnBreach === true) breached.abort();
  };
  try {
    return await runPlan({
      run: request.id,
      spec: request.spec,
      mode,
      plan: request.plan,
      operator: tools.operator,
      fencing: held.lock.fencing,
      past: request.past,
      concurrency: request.concurrency,
      clock: tools.clock,
      spread: () => (tools.random.bytes(1)[0] ?? 0) / 256,
      record,
      show: tools.emit,
      ports: portsOf(tools, request, held),
      guards: {
        kind: guardOf,
        context: (guard, signal) =>
          guardContext(tools, request, guard, { access: held.watching, outages: held.outages, signal }),
      },
      replan: request.replan ?? noReplan,
      accept: request.accept,
      mayStart: quorumGate(
        { servers: serverTargets(request.hosts), access: held.access, consented: mode === 'rollback' },
        tools,
      ),
      soft: tools.soft,
      hard: limit.signal,
    });
  } finally {
    limit.release();
  }
};

/** Plans that watch pairs of pods, and ways back from runs that may have. */
const mayHoldProbers = (plan: Plan): boolean =>
  plan.takesBack !== undefined ||
  plan.stages.some(({ guards = [] }) => guards.some(({ kind }) => kind === networkPairs.id));

/** Probers that a killed process left, or that could not be removed while the API was away. */
const sweepProbers = async (access: KubeAccess, tools: ClusterTools): Promise<void> => {
  const kube = await access.open(tools.hard);
  if (kube.ok) await removeOthers(kube.value, undefined, tools.hard);
};

/** Hosts without the whole journal cannot give it to another machine; that is said, not hidden. */
const tellCopies = async (mirror: Mirror, tools: ClusterTools): Promise<void> => {
  const behind = await mirror.flush();
  if (behind.length === 0) return;
  const text = `the journal could not be copied to ${behind.join(', ')}`;
  tools.emit({ type: 'note', level: 'warning', text });
};

/** Takes the lock, runs the plan under it, and lets it go, unless the run waits for a person. */
export const runCluster = async (
  request: RunRequest,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const servers = serverTargets(request.hosts);
  const access = request.access ?? kubeAccess(servers, tools);
  // Guards leave a server that does not answer at once, also while an action still waits for it.
  const watching = kubeAccess(servers, tools);
  const { breakRun, mayBreak } = request;
  const asked = mayBreak === undefined ? {} : { mayBreak };
  const claim = { cluster: request.plan.cluster.name, run: request.id, servers, access, breakRun, ...asked };
  const locked = await takeClusterLock(claim, tools);
  if (!locked.ok) {
    access.close();
    await request.journal.close();
    return locked;
  }
  const lock = locked.value;
  const mirror = mirrorOf(request, tools, lock.fencing);
  const outages = outageFile(tools.stateDir, request.id);
  const record = recorder(request, tools, mirror, outages);
  let outcome: RunSummary['event']['outcome'] | undefined;
  try {
    await mirrorSecrets(tools, mirror);
    const summary = await runUnderLock(request, tools, { lock, access, watching, outages, mirror, record });
    ({ outcome } = summary.event);
    return ok(summary);
  } finally {
    if (mayHoldProbers(request.plan)) await sweepProbers(watching, tools);
    await tellCopies(mirror, tools);
    if (outcome === 'rolled-back') await forgetRuns(request, lock.fencing, tools);
    await lock.end(outcome === 'paused');
    access.close();
    watching.close();
    await request.journal.close();
  }
};
