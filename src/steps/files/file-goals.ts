import { sha256 } from '../../core/canonical.js';
import type { Change } from '../change.js';
import type { FileGoal } from '../effects.js';
import type { Subject, World } from '../step.js';

/** A file as a plan may show it: text only, never a secret. */
export interface PlainFile {
  readonly path: string;
  /** null = shall not exist. */
  readonly content: string | null;
  readonly mode: string;
  readonly owner: string;
  readonly immutable: boolean;
}

/** What stands at the paths now; null = nothing. */
export type FileStates = Readonly<
  Record<
    string,
    {
      readonly digest: string;
      readonly mode: string;
      readonly owner: string;
      readonly immutable: boolean;
    } | null
  >
>;

export const plainFile = (
  path: string,
  content: string | null,
  part: Partial<PlainFile> = {},
): PlainFile => ({
  path,
  content,
  mode: '0644',
  owner: 'root:root',
  immutable: false,
  ...part,
});

/** Reads the states of the paths from the `files` collector; undefined when that was not observed. */
export const observeFiles = (
  world: World,
  subject: Subject,
  paths: readonly string[],
): FileStates | undefined => {
  const files = world.hosts.get(subject.host ?? '')?.sections.files?.value;
  if (files === undefined) return undefined;
  return Object.fromEntries(
    paths.map((path) => {
      const file = files[path];
      if (file === undefined) return [path, null];
      const { mode, immutable } = file;
      const owner = file.owner.replace('UNKNOWN', '0');
      return [
        path,
        {
          digest: file.link === undefined ? (file.digest ?? '') : `link:${file.link}`,
          mode,
          owner,
          immutable,
        },
      ];
    }),
  );
};

const fits = (state: NonNullable<FileStates[string]>, goal: PlainFile): boolean =>
  goal.content !== null &&
  state.digest === sha256(goal.content) &&
  state.mode === goal.mode &&
  state.owner === goal.owner &&
  state.immutable === goal.immutable;

const diffOne = (state: FileStates[string] | undefined, goal: PlainFile): Change[] => {
  if (goal.content === null)
    return state === null || state === undefined ? [] : [{ kind: 'remove', what: goal.path }];
  const after = goal.immutable ? `${goal.mode}, immutable` : goal.mode;
  if (state === null || state === undefined) return [{ kind: 'add', what: goal.path, after }];
  if (fits(state, goal)) return [];
  const before =
    state.digest === sha256(goal.content)
      ? `${state.mode} ${state.owner}${state.immutable ? ', immutable' : ''}`
      : 'other content';
  return [{ kind: 'change', what: goal.path, before, after }];
};

/** Changes of files; without facts every one is unknown. */
export const diffFiles = (states: FileStates | undefined, goals: readonly PlainFile[]): Change[] =>
  states === undefined
    ? goals.map(({ path }) => ({ kind: 'unknown', what: path }))
    : goals.flatMap((goal) => diffOne(states[goal.path], goal));

export const toEffect = (goal: PlainFile): FileGoal => ({
  path: goal.path,
  content: goal.content ?? undefined,
  mode: goal.mode,
  owner: goal.owner,
  immutable: goal.immutable,
});
