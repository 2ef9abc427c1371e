import { sentence } from '../core/text.js';
import type { Ask, Told } from '../facts/services/ask-script.js';
import type { Verdict } from '../facts/services/dialogue.js';
import { judgeTold } from '../facts/services/judge.js';
import { backendsOf, type LoadBalancer, listenerQuestion } from '../spec/balancers.js';
import { type Cluster, isMember } from '../spec/cluster.js';
import { type CheckResult, fail, pass } from './check.js';

/** A host behind a load balancer, and what the balancer asks it; several listeners may ask the same. */
export interface BackendAsk extends Ask {
  readonly balancer: string;
  readonly listeners: readonly string[];
  /** Name of the backend. */
  readonly backend: string;
  /** A node of the cluster must be healthy; of others it is enough that one is. */
  readonly member: boolean;
  /** Failures in a row after which the balancer gives the backend up. */
  readonly retries: number;
  /** Member that asks: another one than the backend, whose own firewall lets itself in. */
  readonly asker: string;
}

const CHECK = {
  check: 'balancer-health',
  title: 'Every backend passes the health check of its load balancer',
};

const ofBalancer = (cluster: Cluster, balancer: LoadBalancer, absent: readonly string[]): BackendAsk[] => {
  const members = cluster.hosts.filter(isMember).map(({ name }) => name);
  const asks = new Map<string, BackendAsk>();
  for (const listener of balancer.listeners) {
    const question = listenerQuestion(cluster, balancer, listener);
    for (const host of backendsOf(cluster, listener)) {
      if (absent.includes(host.name)) continue;
      const key = JSON.stringify([host.name, question]);
      const known = asks.get(key);
      const at = members.indexOf(host.name);
      asks.set(key, {
        id: '',
        host: host.address,
        question,
        balancer: balancer.name,
        listeners: [...(known?.listeners ?? []), listener.name],
        backend: host.name,
        member: at >= 0,
        retries: Math.max(known?.retries ?? 1, listener.health.retries),
        asker: members[(at + 1) % members.length] ?? '',
      });
    }
  }
  return [...asks.values()];
};

/** What every load balancer of the spec asks every host behind it, without hosts that this realm does not have. Pure. */
export const backendAsks = (cluster: Cluster, absent: readonly string[]): readonly BackendAsk[] =>
  cluster.spec.loadBalancers
    .flatMap((balancer) => ofBalancer(cluster, balancer, absent))
    .map((ask, at) => ({ ...ask, id: `backend-${at}` }));

/** What the member that asked heard; `failure` = nobody could ask. */
export interface Heard {
  readonly asker: string;
  readonly told?: Told | undefined;
  readonly failure?: string;
  /** Not the first answer. */
  readonly retried?: CheckResult['retried'];
}

const verdictOf = ({ question }: BackendAsk, heard: Heard | undefined): Verdict =>
  heard?.failure === undefined
    ? judgeTold(question, heard?.told)
    : { ok: false, detail: `nobody could ask: ${heard.failure}` };

const answered = ({ question }: BackendAsk, { ok, detail }: Verdict): boolean =>
  ok || (question.ask.startsWith('http') && detail.startsWith('status '));

/**
 * Judges as the balancer would. Behind a listener of services outside it is enough that one host is healthy: the others
 * answer that they stand by. Pure.
 */
export const judgeBackends = (
  asks: readonly BackendAsk[],
  heard: ReadonlyMap<string, Heard>,
): readonly CheckResult[] => {
  const judged = asks.map((ask) => ({ ask, verdict: verdictOf(ask, heard.get(ask.id)) }));
  const serves = ({ balancer, listeners }: BackendAsk): boolean =>
    judged.some(
      ({ ask, verdict }) =>
        verdict.ok && ask.balancer === balancer && ask.listeners.some((name) => listeners.includes(name)),
    );
  return judged.map(({ ask, verdict }) => {
    const place = `${ask.balancer} (${sentence(ask.listeners)})`;
    const { asker: who = ask.asker, retried } = heard.get(ask.id) ?? {};
    const part = { ...CHECK, node: ask.backend, ...(retried === undefined ? {} : { retried }) };
    if (verdict.ok) return pass({ ...part, detail: `${place}: ${verdict.detail}, asked by ${who}` });
    if (!ask.member && answered(ask, verdict) && serves(ask))
      return pass({ ...part, detail: `${place}: stands by (${verdict.detail}), asked by ${who}` });
    return fail({ ...part, detail: `${place}: ${verdict.detail}, asked by ${who}` });
  });
};
