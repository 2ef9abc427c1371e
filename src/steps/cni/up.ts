import { err, ok, type Result } from '../../core/result.js';
import { printable, sentence } from '../../core/text.js';
import type { DriverId } from '../../facts/cni/driver.js';
import { driverOf } from '../../facts/cni/drivers.js';
import type { HostReads } from '../effects.js';
import type { StepFailure } from '../failure.js';
import type { KubeReads } from '../kube-reads.js';
import { defineStep } from '../step.js';
import { agentState, agentWords } from './agents.js';
import type { NetworkConf, RecipeInput } from './recipe.js';
import { confs } from './recipes.js';
import { worksProblems, worksScript } from './works.js';

type Params = {
  readonly driver: DriverId;
  readonly input: RecipeInput;
  /** Patience with agents that come up. */
  readonly limitSeconds: number;
};

const AGAIN_MS = 1_000;

interface Scene {
  readonly kube: KubeReads;
  readonly read: (host: string) => HostReads;
  readonly hosts: readonly string[];
  readonly recipe: NetworkConf;
  readonly params: Params;
  readonly signal: AbortSignal;
}

const notUp = (host: string | undefined, message: string, cause: string): StepFailure => ({
  class: 'permanent',
  code: 'cni-not-up',
  ...(host === undefined ? {} : { host }),
  message,
  ...(cause === '' ? {} : { cause: printable(cause).slice(0, 600) }),
});

const agentsUp = async ({ kube, recipe, signal }: Scene): Promise<Result<void, StepFailure>> => {
  for (const agent of recipe.agents) {
    const state = await agentState(kube, agent, signal);
    if (!state.ok) return state;
    const { whole, ready, wanted, late } = state.value;
    if (whole) continue;
    const [first] = late;
    if (first === undefined)
      return err(notUp(undefined, `${agent}: the present one is ready on ${ready} of ${wanted} nodes`, ''));
    return err(
      notUp(first.node, `${first.node}: the pod ${first.pod} of ${agent} is not ready`, first.reason),
    );
  }
  return ok(undefined);
};

/** What the network must have made on a host, whatever its agents say of themselves. */
const hostUp = async (scene: Scene, host: string): Promise<Result<void, StepFailure>> => {
  const { read, recipe, kube, signal } = scene;
  const { input } = scene.params;
  const seen = await read(host).read(worksScript(recipe, input));
  if (!seen.ok) return seen;
  const problems = worksProblems(recipe, input, seen.value.stdout);
  if (problems.length === 0) return ok(undefined);
  const words = await agentWords(kube, recipe.agents, host, signal);
  return err(notUp(host, `${host}: the agents are ready, but ${sentence(problems)}`, words));
};

const allUp = async (scene: Scene): Promise<Result<void, StepFailure>> => {
  const agents = await agentsUp(scene);
  if (!agents.ok) return agents;
  const hosts = await Promise.all(scene.hosts.map((host) => hostUp(scene, host)));
  return hosts.find((each) => !each.ok) ?? ok(undefined);
};

const recipeOf = (driver: DriverId): NetworkConf => {
  const recipe = confs[driver];
  if (recipe === undefined) throw new Error(`no recipe of ${driver}`);
  return recipe;
};

/** Waits until a network runs on every node and really has made there what its health does not tell of. Changes nothing. */
export const cniUp = defineStep<Params, null>({
  id: 'cni.up',
  title: ({ driver }) => `Prove that ${driverOf(driver).title} is up on every node`,
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'none',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 15 },
  timeoutMs: 1_800_000,
  retry: 'transient',
  disruptive: false,
  observe: () => null,
  diff: (_state, { driver, input }) => {
    const { device } = recipeOf(driver).works(input);
    return [
      {
        kind: 'run',
        what: `agents of ${driverOf(driver).title} on ${input.nodes.length} nodes`,
        after: device === undefined ? 'ready, with routes' : `ready, with ${device} and routes`,
      },
    ];
  },
  apply: async (context, params) => {
    const { clock, signal, progress } = context;
    const begun = clock.monotonic();
    for (;;) {
      const kube = await context.kube();
      if (!kube.ok) return kube;
      const recipe = recipeOf(params.driver);
      const scene = {
        kube: kube.value,
        read: context.on,
        hosts: context.subject.hosts,
        recipe,
        params,
        signal,
      };
      const up = await allUp(scene);
      if (up.ok) return ok({});
      const late = clock.monotonic() - begun > params.limitSeconds * 1000;
      if (late || signal.aborted || up.error.class === 'unsafe') return up;
      progress([up.error.message, up.error.cause ?? ''].filter(Boolean).join(': '));
      await clock.delay(AGAIN_MS, signal).catch(() => undefined);
    }
  },
  verify: async (context, params) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const { subject, read, signal } = context;
    const recipe = recipeOf(params.driver);
    const up = await allUp({ kube: kube.value, read, hosts: subject.hosts, recipe, params, signal });
    const { device } = recipe.works(params.input);
    return up.ok
      ? ok({
          text: `agents ready on every node${device === undefined ? '' : `, ${device}`} and routes there`,
        })
      : up;
  },
  revert: () => Promise.resolve(ok(undefined)),
});
