import type { KubeObject } from '../../../core/ports/kube.js';
import type { NetworkRecipe, RecipeInput, Works } from '../recipe.js';
import { calicoAgents } from './calico-agent.js';
import { CONF_NAME } from './calico-conflist.js';
import {
  apiSettings,
  calicoPools,
  calicoSettings,
  carriedBy,
  confDirOf,
  isCrossSubnet,
  ownSettings,
} from './calico-objects.js';
import { idOf } from './needed.js';

const SETTINGS = 'ConfigMap kube-system/calico-config';
const AGENTS = 'DaemonSet kube-system/calico-node';

const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
const runs = ({ kind }: KubeObject): boolean => kind === 'DaemonSet' || kind === 'Deployment';

const transformed = (object: KubeObject, input: RecipeInput): KubeObject => {
  switch (idOf(object)) {
    case SETTINGS:
      return calicoSettings(input);
    case AGENTS:
      return calicoAgents(object, input);
    default:
      return object;
  }
};

/** Definitions first, pools before the agents: without any pool agents would have nothing to tell their tunnel. */
const objectsOf = (input: RecipeInput, upstream: readonly KubeObject[]): readonly KubeObject[] => {
  const all = upstream.map((object) => transformed(object, input));
  return [
    ...all.filter(isDefinition),
    ...all.filter((object) => !isDefinition(object) && !runs(object)),
    apiSettings(input),
    ...ownSettings(input),
    ...calicoPools(input),
    ...all.filter(runs),
  ];
};

/** Bare packets: blocks, and with them routes, come with the first pods of a node. Within a subnet they go bare, too. */
const WORKS: Readonly<Partial<Record<RecipeInput['mode'], Works>>> = {
  vxlan: { device: 'vxlan.calico', routes: { over: 'vxlan.calico' } },
  ipip: { device: 'tunl0', routes: { over: 'tunl0' } },
};

/** What must be on each host, by the way in which packets go now. */
export const calicoWorks = (input: RecipeInput): Works => {
  const works = WORKS[carriedBy(input)] ?? {};
  return isCrossSubnet(input) && works.routes !== undefined ? { ...works, routes: {} } : works;
};

/** Calico by its project’s manifest, with everything pinned that it would guess. */
export const calicoRecipe: NetworkRecipe = {
  driver: 'calico-manifest',
  upstream: ({ version }) => ({
    kind: 'manifest',
    name: 'calico',
    version: `v${version.replace(/^v/, '')}`,
  }),
  set: (input, upstream) => ({ name: 'network/calico', objects: objectsOf(input, upstream) }),
  confName: CONF_NAME,
  conflist: (input) => ({
    kind: 'staged',
    path: `${confDirOf(input)}/${CONF_NAME}`,
    calls: ['portmap'],
  }),
  agents: ['kube-system/calico-node'],
  plugins: ['calico', 'calico-ipam'],
  works: calicoWorks,
};
