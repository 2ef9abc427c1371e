import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { StepFailure } from '../failure.js';
import { lastWords, mustSucceed } from '../outcome.js';
import type { ApplyContext } from '../step.js';
import type { NetworkConf, RecipeInput } from './recipe.js';

const SCRIPT = readFileSync(new URL('conf.sh', import.meta.url), 'utf8');

export interface Conf {
  readonly recipe: NetworkConf;
  readonly input: RecipeInput;
  /** Of several times that one action puts it in place: a script that succeeded once is not run again. */
  readonly turn: number;
}

/** Where the runtime finds the configuration of a network. */
export const confPath = ({ confName }: NetworkConf, { confDir }: RecipeInput): string =>
  `${confDir.replace(/\/$/, '')}/${confName}`;

/** Puts the configuration where the host’s runtime reads it, before all others. */
export const putConf = async (
  context: ApplyContext,
  { recipe, input, turn }: Conf,
): Promise<Result<void, StepFailure>> => {
  const host = context.subject.host ?? '';
  const conf = recipe.conflist(input);
  const values = {
    CONF_DIR: input.confDir.replace(/\/$/, ''),
    CONF_NAME: recipe.confName,
    BIN_DIR: input.binDir,
    PLUGINS: recipe.plugins.join(' '),
    PLUGIN_DIR: recipe.pluginDir?.(input) ?? input.binDir,
    STAGED: conf.kind === 'staged' ? conf.path : '',
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const text = conf.kind === 'text' ? conf.text : '';
  const done = await context.on(host).change([`# turn ${turn}`, ...lines, SCRIPT].join('\n'), {
    data: `${Buffer.from(text).toString('base64')}\n`,
    title: `put ${recipe.confName}`,
  });
  if (!done.ok) return done;
  if (done.value.status === 0) return ok(undefined);
  return err({
    class: 'permanent',
    code: 'cni-conf-refused',
    host,
    message: `${host}: the configuration ${recipe.confName} cannot be put in place`,
    cause: lastWords(done.value),
  });
};

/** Takes the configuration away again; the next one in the folder counts. */
export const dropConf = async (
  context: ApplyContext,
  { recipe, input, turn }: Conf,
): Promise<Result<void, StepFailure>> => {
  const host = context.subject.host ?? '';
  const script = `# turn ${turn}\ndrop_file ${shellQuote(confPath(recipe, input))} || exit 73`;
  const done = mustSucceed(host, 'take the configuration away', await context.on(host).change(script));
  return done.ok ? ok(undefined) : done;
};
