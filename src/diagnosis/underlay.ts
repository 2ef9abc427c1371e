import type { Evidence } from '../core/events/finding.js';
import type { FactsFile } from '../facts/model/facts-file.js';
import { members, nodeNetwork } from './access.js';
import { grids } from './paths/grid.js';
import type { RuleContext } from './rule.js';

/** What the node network carries: the lowest of all interfaces and all measured paths, in bytes. */
export interface Underlay {
  readonly mtu: number;
  readonly evidence: Evidence;
}

const cache = new WeakMap<FactsFile, { readonly underlay: Underlay | undefined }>();

const lowestInterface = (context: RuleContext): Underlay | undefined => {
  const network = nodeNetwork(context);
  if (network === undefined) return undefined;
  return members(context).reduce<Underlay | undefined>((lowest, { name }) => {
    const own = network.members[name];
    if (own === undefined || (lowest !== undefined && own.mtu >= lowest.mtu)) return lowest;
    const fact = `networks.${network.cidr}.members.${name}.mtu`;
    return {
      mtu: own.mtu,
      evidence: { host: name, fact, text: `lowest interface MTU ${own.mtu} (${own.interface})` },
    };
  }, undefined);
};

const lowestPath = (context: RuleContext): Underlay | undefined =>
  grids(context, 'path-mtu').reduce<Underlay | undefined>((lowest, { matrix, fact }) => {
    const values = [matrix.values?.usual ?? -1, ...(matrix.values?.except ?? []).map(([, , value]) => value)];
    const mtu = values.reduce(
      (least, value) => (value > 0 ? Math.min(least, value) : least),
      Number.POSITIVE_INFINITY,
    );
    if (!Number.isFinite(mtu) || (lowest !== undefined && mtu >= lowest.mtu)) return lowest;
    return { mtu, evidence: { fact, text: `lowest measured path MTU ${mtu}` } };
  }, undefined);

/** The underlay's MTU; undefined when neither interfaces nor paths are known. */
export const underlayOf = (context: RuleContext): Underlay | undefined => {
  const known = cache.get(context.facts);
  if (known !== undefined) return known.underlay;
  const [face, path] = [lowestInterface(context), lowestPath(context)];
  const underlay = path === undefined || (face !== undefined && face.mtu <= path.mtu) ? face : path;
  cache.set(context.facts, { underlay });
  return underlay;
};
