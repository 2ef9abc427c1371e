import type { Fix, Severity } from '../../core/events/finding.js';
import type { Cell } from '../../facts/model/probe-matrix.js';
import { skipLostPaths } from '../paths/control.js';
import type { Grid } from '../paths/grid.js';
import {
  type Loss,
  type LossQuery,
  lossEvidence,
  lossOf,
  lossPairs,
  lossTitle,
  oneWay,
} from '../paths/loss.js';
import type { FindingDraft, RuleContext } from '../rule.js';

/** What a rule says about lost paths of one probe. */
export interface LossStatement {
  /** Subject of the title: "UDP 8472 (VXLAN of Flannel and Cilium)". */
  readonly subject: string;
  /** What the cells mean, for the evidence. */
  readonly evidence: string;
  readonly cause: string;
  readonly fix: Fix;
  readonly severity?: Severity;
}

/** One finding over the paths of a grid whose cells are in `cells`, leaving out paths that are lost as a whole. */
export const lostPaths = (
  context: RuleContext,
  grid: Grid,
  query: { readonly cells: string; readonly only?: (from: number, to: number) => boolean },
): Loss | undefined => {
  if (!grid.hasAny(query.cells)) return undefined;
  const skip = skipLostPaths(context, grid);
  const { only, cells } = query;
  const lost: LossQuery['lost'] = (cell: Cell) => cells.includes(cell);
  return lossOf(grid, {
    lost,
    skip: only === undefined ? skip : (from, to) => !only(from, to) || skip?.(from, to) === true,
  });
};

/** Turns a loss into a finding with its pairs. */
export const lossFinding = (loss: Loss, statement: LossStatement): FindingDraft => {
  const back = oneWay(loss) && loss.shape !== 'all' ? '; the way back passes' : '';
  return {
    ...(statement.severity === undefined ? {} : { severity: statement.severity }),
    title: `${lossTitle(statement.subject, loss)}${back}`,
    hosts: [...loss.culprits],
    pairs: lossPairs(loss),
    evidence: [lossEvidence(loss, statement.evidence)],
    cause: statement.cause,
    fix: statement.fix,
  };
};
