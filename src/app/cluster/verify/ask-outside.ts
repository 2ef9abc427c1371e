import type { HostTarget } from '../../../core/ports/transport.js';
import { type ServicePlace, servicePlaces, servicesScript } from '../../../facts/services/places.js';
import { isMember } from '../../../spec/cluster.js';
import { type BackendAsk, backendAsks, type Heard, judgeBackends } from '../../../verify/backends.js';
import type { CheckResult } from '../../../verify/check.js';
import { cannotAsk, judgeFromNode } from '../../../verify/services.js';
import { type Answers, askHost } from '../../doctor/ask-host.js';
import type { ClusterTools } from '../tools.js';
import { heardInRow } from './backends-in-row.js';
import type { VerifyRequest } from './request.js';

const asking = ({ transport, soft: signal }: ClusterTools) => ({ transport, signal });

const heardBy = (
  asker: string,
  asks: readonly BackendAsk[],
  answer: Answers,
): readonly (readonly [string, Heard])[] =>
  asks.map(({ id }) => [
    id,
    answer.ok ? { asker, told: answer.value.get(id) } : { asker, failure: answer.error },
  ]);

interface Asked {
  readonly target: HostTarget;
  readonly backends: readonly BackendAsk[];
  readonly answer: Answers;
}

/** What a host that is away should have asked is asked by one that is there. */
const heardBackends = async (
  asked: readonly Asked[],
  tools: ClusterTools,
): Promise<ReadonlyMap<string, Heard>> => {
  const heard = asked.flatMap(({ target, backends, answer }) => heardBy(target.name, backends, answer));
  const orphans = asked.flatMap(({ backends, answer }) => (answer.ok ? [] : backends));
  const other = asked.find(({ answer }) => answer.ok);
  if (orphans.length === 0 || other === undefined) return new Map(heard);
  const again = await askHost(other.target, { asks: orphans }, asking(tools));
  return new Map([...heard, ...heardBy(other.target.name, orphans, again)]);
};

/** Whoever asked a backend asks it again. */
const askAgain =
  (asked: readonly Asked[], tools: ClusterTools) =>
  async (
    asks: readonly BackendAsk[],
    heard: ReadonlyMap<string, Heard>,
  ): Promise<ReadonlyMap<string, Heard>> => {
    const answers = asked.map(async ({ target }) => {
      const own = asks.filter(({ id }) => heard.get(id)?.asker === target.name);
      if (own.length === 0) return [];
      return heardBy(target.name, own, await askHost(target, { asks: own }, asking(tools)));
    });
    return new Map((await Promise.all(answers)).flat());
  };

const askAll = async (
  {
    request,
    backends,
    places,
  }: {
    readonly request: VerifyRequest;
    readonly backends: readonly BackendAsk[];
    readonly places: readonly ServicePlace[];
  },
  tools: ClusterTools,
): Promise<readonly Asked[]> => {
  const members = new Set(request.cluster.hosts.filter(isMember).map(({ name }) => name));
  const services = servicesScript(places);
  const asked = request.subject.hosts
    .filter(({ target }) => members.has(target.name))
    .map(async ({ target }): Promise<Asked | undefined> => {
      const own = backends.filter(({ asker }) => asker === target.name);
      const script = { ...services, asks: [...services.asks, ...own] };
      if (script.asks.length === 0) return undefined;
      return { target, backends: own, answer: await askHost(target, script, asking(tools)) };
    });
  return (await Promise.all(asked)).filter((each) => each !== undefined);
};

/**
 * Every member asks the services outside what they are, and members ask each other and the hosts outside what their load
 * balancers would ask. Nobody logs in anywhere.
 */
export const askOutside = async (
  request: VerifyRequest,
  tools: ClusterTools,
): Promise<readonly CheckResult[]> => {
  const { cluster, absent } = request;
  const backends = backendAsks(cluster, absent);
  const places = servicePlaces(cluster, absent);
  const asked = await askAll({ request, backends, places }, tools);
  const now = tools.clock.now();
  const again = { ask: askAgain(asked, tools), clock: tools.clock, signal: tools.soft };
  const heard = await heardInRow(backends, await heardBackends(asked, tools), again);
  return [
    ...judgeBackends(backends, heard),
    ...asked.flatMap(({ target, answer }) =>
      answer.ok
        ? judgeFromNode(target.name, places, { told: answer.value, now })
        : cannotAsk(target.name, places, answer.error),
    ),
  ];
};
