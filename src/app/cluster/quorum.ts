import type { HostTarget } from '../../core/ports/transport.js';
import type { Action } from '../../plan/model.js';
import { type EtcdMember, mayDisrupt } from '../../run/quorum.js';
import type { StepFailure } from '../../steps/failure.js';
import { membersOf } from '../../verify/members.js';
import { NODES } from '../../verify/resources.js';
import type { KubeAccess } from './kube-access.js';
import { readKubeconfig } from './kubeconfig.js';
import type { ClusterTools } from './tools.js';

type Seen =
  | { readonly kind: 'members'; readonly members: readonly EtcdMember[] }
  | { readonly kind: 'no-cluster' }
  | { readonly kind: 'blind'; readonly why: string };

const seeMembers = async ({ servers, access }: GateInput, tools: ClusterTools): Promise<Seen> => {
  const opened = await access.open(tools.soft);
  if (!opened.ok) {
    const config = await readKubeconfig('the cluster', servers, tools);
    // Before the first server is up there is no kubeconfig anywhere, and nothing that could lose its quorum.
    return config.ok
      ? { kind: 'blind', why: opened.error.cause ?? opened.error.message }
      : { kind: 'no-cluster' };
  }
  const members: EtcdMember[] = [];
  for await (const page of opened.value.list(NODES, { signal: tools.soft })) {
    if (!page.ok) return { kind: 'blind', why: page.error.message };
    members.push(...membersOf(page.value.items));
  }
  return { kind: 'members', members };
};

const IDLE_MS = 30_000;

/** The host has a member's data, and its server does not run: starting it takes nothing away. */
const standsStill = async (host: string, { servers }: GateInput, tools: ClusterTools): Promise<boolean> => {
  const target = servers.find(({ name }) => name === host);
  if (target === undefined) return false;
  const text = 'test -d /var/lib/rancher/k3s/server/db/etcd/member && ! systemctl is-active --quiet k3s';
  const limits = { timeoutMs: IDLE_MS, signal: tools.soft };
  const seen = await tools.transport.run(target, { title: 'whether K3s runs', text }, limits);
  return seen.ok && seen.value.status === 0;
};

const refusal = (kind: StepFailure['class'], host: string, cause: string): StepFailure => ({
  class: kind,
  code: 'quorum-unsafe',
  host,
  message: `${host} may not be taken away now`,
  cause,
});

export interface GateInput {
  readonly servers: readonly HostTarget[];
  readonly access: KubeAccess;
  /** The whole plan was agreed to with what it interrupts: a way back. */
  readonly consented: boolean;
}

/**
 * Invariant 7, asked before every disruptive action. A host that is no voter yet can be started without harm to
 * the others, unless another learner waits; of a voter's absence the registered voters decide. With one or two voters
 * only what the plan announced as an interruption may go on: a person agreed to exactly that. A member that stands
 * still may always be started, also when nobody can be asked.
 */
export const quorumGate =
  (input: GateInput, tools: ClusterTools) =>
  async (action: Action): Promise<StepFailure | undefined> => {
    const host = action.host ?? '';
    const seen = await seeMembers(input, tools);
    if (seen.kind === 'no-cluster') return undefined;
    if (seen.kind === 'blind')
      return (await standsStill(host, input, tools))
        ? undefined
        : refusal('transient', host, `the members of etcd cannot be seen: ${seen.why}`);
    if (seen.members.some(({ name, learner }) => learner && name === host)) return undefined;
    const answer = mayDisrupt(seen.members, host);
    if (answer.kind !== 'safe' && (await standsStill(host, input, tools))) return undefined;
    const consented = input.consented || action.expected.interruption !== undefined;
    if (answer.kind === 'safe' || (answer.kind === 'needs-consent' && consented)) return undefined;
    return refusal(answer.kind === 'refused' ? 'transient' : 'person', host, answer.why);
  };
