import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { StepFailure } from '../failure.js';
import { mustSucceed } from '../outcome.js';
import type { ApplyContext } from '../step.js';
import { DROP_IN } from './settings.js';
import { STARTED } from './start.js';

/** Where a host keeps what a run found there; it goes with everything else that the host keeps of the run. */
const folderOf = (run: string, change: string): string =>
  `/var/lib/drover/${run.replace(/[^A-Za-z0-9.-]/g, '_')}/k3s-network-${change}`;

/** A host, and the change of a run that concerns it. */
export interface Kept {
  readonly node: string;
  readonly change: string;
}

/** Copied on the host itself: what is read from it has secrets taken out, and would not be the same file. */
const keepScript = (run: string, change: string): string => `
umask 077
kept=${shellQuote(folderOf(run, change))}
[ ! -e "$kept" ] || exit 0
rm -rf "$kept.new" && mkdir -p "$kept.new" || exit 73
for path in ${DROP_IN} ${STARTED}; do
  if [ -e "$path" ]; then cp -p "$path" "$kept.new/" && sync "$kept.new/\${path##*/}" || exit 73; fi
done
mv -T "$kept.new" "$kept" && sync "\${kept%/*}"`;

const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Prints what K3s was started with; nothing = nobody wrote it down. Exit status 3: this host was never changed. */
const putBackScript = (run: string, change: string): string => `
kept=${shellQuote(folderOf(run, change))}
[ -d "$kept" ] || exit 3
if [ -e "$kept/${name(DROP_IN)}" ]; then
  save_file ${DROP_IN} && cp -p "$kept/${name(DROP_IN)}" ${DROP_IN}.drover-old && mv -fT ${DROP_IN}.drover-old ${DROP_IN} || exit 1
else
  drop_file ${DROP_IN} || exit 1
fi
cat "$kept/${name(STARTED)}" 2>/dev/null || true`;

/** Keeps what K3s of a host was started with, once per run: a second attempt must not take the first one's result for it. */
export const keepFormer = async (
  context: ApplyContext,
  { node, change }: Kept,
): Promise<Result<void, StepFailure>> => {
  const kept = mustSucceed(
    node,
    'keep the settings of K3s',
    await context.on(node).change(keepScript(context.run, change)),
  );
  return kept.ok ? ok(undefined) : kept;
};

/** What the service was started with; absent = nobody had written that down. */
export interface FormerStart {
  readonly stamp?: string;
}

/** Writes the former settings back, without starting anything; undefined = this host was never changed. */
export const putFormerBack = async (
  context: ApplyContext,
  { node, change }: Kept,
): Promise<Result<FormerStart | undefined, StepFailure>> => {
  const run = context.takesBack?.run ?? context.run;
  const done = await context.on(node).change(putBackScript(run, change));
  if (!done.ok) return err(done.error);
  if (done.value.status === 3) return ok(undefined);
  const put = mustSucceed(node, 'put the settings of K3s back', done);
  if (!put.ok) return put;
  const former = put.value.stdout.trim();
  return ok(former === '' ? {} : { stamp: former });
};

/** Where nobody had written down what the service was started with, nobody has in the end. */
export const forgetStamp = async (
  context: ApplyContext,
  node: string,
): Promise<Result<void, StepFailure>> => {
  const gone = mustSucceed(
    node,
    'forget how K3s was started',
    await context.on(node).change(`rm -f ${STARTED}`),
  );
  return gone.ok ? ok(undefined) : gone;
};
