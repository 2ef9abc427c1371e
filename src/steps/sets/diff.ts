import { changedPaths } from '../../bundle/target/compare.js';
import { canonicalJson } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { printable } from '../../core/text.js';
import { formatPath, type Path, valueAt } from '../../spec/path.js';
import type { FieldDiff } from './live-set.js';

/** Longer values are cut: a plan is read by people. */
const SHOWN = 120;

const shown = (value: unknown): string => {
  const text = printable(canonicalJson(value));
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
};

const diffAt = (live: KubeObject, after: KubeObject, path: Path): FieldDiff => {
  const [before, later] = [valueAt(live, path), valueAt(after, path)];
  return {
    path: formatPath(path),
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(later === undefined ? {} : { after: shown(later) }),
  };
};

/** What applying changes, field by field; `after` is what a dry run answered. Values of Secrets stay out of it. */
export const fieldDiffs = (live: KubeObject, after: KubeObject): FieldDiff[] =>
  changedPaths(live, after).map((path) =>
    live.kind === 'Secret' ? { path: formatPath(path) } : diffAt(live, after, path),
  );
