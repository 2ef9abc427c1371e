import type { DroverError } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { NetworkChange } from '../../../diagnosis/change/way.js';
import { chosenWay, forbiddenWay } from '../../../plan/network/chosen.js';
import { changeNotes } from '../../../plan/network/notes.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { World } from '../../../steps/step.js';

const hintOf = ({ ways }: NetworkChange): string => {
  const open = ways.filter(({ forbidden }) => forbidden.length === 0);
  return open.length === 0
    ? 'no way is open: name another network in the spec'
    : `open: ${open.map(({ id, title }) => `${id} (${title})`).join(', ')}; spec.network.change.way chooses`;
};

/** The change with the way that the plan goes, and what it means here; refused where facts forbid that way. */
export const withChosenWay = (
  cluster: Cluster,
  world: World,
  change: NetworkChange,
): Result<NetworkChange, DroverError> => {
  const id = chosenWay(cluster, world);
  if (id === undefined) return ok(change);
  const notes = changeNotes(cluster, world, id);
  const chosen = { ...change, chosen: id, ...(notes.length === 0 ? {} : { notes: [...notes] }) };
  const forbidden = forbiddenWay(chosen);
  if (forbidden === undefined) return ok(chosen);
  return err({
    code: 'network-way-forbidden',
    message: `${change.from} cannot become ${change.to} ${id === 'backend' ? 'here' : `by the way ${id}`}`,
    cause: forbidden.forbidden.map(({ fact, text }) => `${text} (${fact})`).join('\n'),
    state: 'nothing was changed',
    hint: hintOf(change),
  });
};
