import type { HostTarget } from '../../core/ports/transport.js';
import { createKube } from '../../kube/client.js';
import { loadCredentials } from '../../kube/credentials.js';
import type { Action } from '../../plan/model.js';
import { type EtcdMember, mayDisrupt } from '../../run/quorum.js';
import type { StepFailure } from '../../steps/failure.js';
import { membersOf } from '../../verify/members.js';
import { NODES } from '../../verify/resources.js';
import { readKubeconfig } from './kubeconfig.js';
import type { ClusterTools } from './tools.js';

type Seen =
  | { readonly kind: 'members'; readonly members: readonly EtcdMember[] }
  | { readonly kind: 'no-cluster' }
  | { readonly kind: 'blind'; readonly why: string };

const seeMembers = async (servers: readonly HostTarget[], tools: ClusterTools): Promise<Seen> => {
  const config = await readKubeconfig('the cluster', servers, tools);
  // Before the first server is up there is no kubeconfig anywhere, and nothing that could lose its quorum.
  if (!config.ok) return { kind: 'no-cluster' };
  const kube = createKube(
    await loadCredentials({ text: config.value }, () => tools.clock.now()),
    tools.clock,
  );
  const members: EtcdMember[] = [];
  try {
    for await (const page of kube.list(NODES, { signal: tools.soft })) {
      if (!page.ok) return { kind: 'blind', why: page.error.message };
      members.push(...membersOf(page.value.items));
    }
    return { kind: 'members', members };
  } finally {
    kube.close();
  }
};

const refusal = (kind: StepFailure['class'], host: string, cause: string): StepFailure => ({
  class: kind,
  code: 'quorum-unsafe',
  host,
  message: `${host} may not be taken away now`,
  cause,
});

/**
 * Invariant 7, asked before every disruptive action. A host that is no voter yet can be started without harm to
 * the others, unless another learner waits; of a voter's absence the registered voters decide.
 * `consented` = the plan announced the interruption of one or two voters, and a person agreed to it.
 */
export const quorumGate =
  (servers: readonly HostTarget[], tools: ClusterTools, consented = false) =>
  async (action: Action): Promise<StepFailure | undefined> => {
    const host = action.host ?? '';
    const seen = await seeMembers(servers, tools);
    if (seen.kind === 'no-cluster') return undefined;
    if (seen.kind === 'blind')
      return refusal('transient', host, `the members of etcd cannot be seen: ${seen.why}`);
    if (seen.members.some(({ name, learner }) => learner && name === host)) return undefined;
    const answer = mayDisrupt(seen.members, host);
    if (answer.kind === 'safe' || (answer.kind === 'needs-consent' && consented)) return undefined;
    return refusal(answer.kind === 'refused' ? 'transient' : 'person', host, answer.why);
  };
