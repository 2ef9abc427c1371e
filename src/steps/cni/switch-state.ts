import type { DriverId } from '../../facts/cni/driver.js';
import { driverOf } from '../../facts/cni/drivers.js';
import { cniOf, filesThatCount } from '../../facts/cni/in-use.js';
import type { Change } from '../change.js';
import type { Subject, World } from '../step.js';
import { confPath } from './conf.js';
import type { RecipeInput } from './recipe.js';
import { confs } from './recipes.js';

export type SwitchParams = {
  readonly driver: DriverId;
  readonly input: RecipeInput;
  readonly node: string;
  /** False = in place: all nodes at once, nothing is proven node by node. */
  readonly cordon: boolean;
  /**
   * Nodes to which both directions are proven: all that answered before and all that changed already, or only those that
   * changed.
   */
  readonly prove: 'all' | 'changed';
  /** Image of the pods that prove it. */
  readonly image: string;
  /** Patience with pods that must go and come back. */
  readonly limitSeconds: number;
};

export type SwitchState = {
  /** Folders that the host’s runtime reads. */
  readonly folders: readonly string[];
  /** The configuration that it takes; null = none. */
  readonly first: string | null;
  /** It takes the one of the new network. */
  readonly conf: boolean;
  /** Before the action, the node took no pods. */
  readonly cordoned: boolean;
};

export const switchTitle = ({ node, driver }: SwitchParams): string =>
  `Move ${node} to ${driverOf(driver).title}`;

export const switchState = (
  world: World,
  subject: Subject,
  { driver, input, node }: SwitchParams,
): SwitchState | undefined => {
  const host = world.hosts.get(subject.host ?? '');
  const cni = host === undefined ? undefined : cniOf(host);
  const recipe = confs[driver];
  const found = world.cluster?.nodes.find(({ name }) => name === node);
  if (cni === undefined || recipe === undefined || found === undefined) return undefined;
  const first = filesThatCount(cni)[0]?.path ?? null;
  const folders = [...new Set(cni.readFrom.map(({ confDir }) => confDir.replace(/\/$/, '')))].sort();
  return { folders, first, conf: first === confPath(recipe, input), cordoned: found.unschedulable };
};

/** Pods are not facts: they are looked at when the action begins, so that there is always something to do. */
export const switchDiff = (state: SwitchState | undefined, params: SwitchParams): readonly Change[] => {
  const { node, driver, input } = params;
  const recipe = confs[driver];
  const path = recipe === undefined ? input.confDir : confPath(recipe, input);
  const pods: Change = {
    kind: 'run',
    what: `pods of ${node} with addresses outside ${input.pool}`,
    after: 'recreated',
  };
  if (state === undefined) return [{ kind: 'unknown', what: path }, pods];
  if (state.conf) return [pods];
  return [{ kind: 'add', what: path, ...(state.first === null ? {} : { before: state.first }) }, pods];
};
