import { readFileSync } from 'node:fs';
import { err, ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { sentence } from '../../core/text.js';
import type { DriverId } from '../../facts/cni/driver.js';
import { driverOf } from '../../facts/cni/drivers.js';
import { lastWords, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';
import { confPath } from './conf.js';
import type { RecipeInput } from './recipe.js';
import { recipes } from './recipes.js';

type Params = {
  readonly driver: DriverId;
  /** As the network runs now: its folders are those that the runtime reads today. */
  readonly input: RecipeInput;
  /** Plugins that its configuration names, those of others included: `bridge`, `host-local`, `portmap`. */
  readonly plugins: readonly string[];
  /** Folders that the runtime will read. */
  readonly confDir: string;
  readonly binDir: string;
};

type State = { readonly conf: boolean; readonly missing: readonly string[] };

const SCRIPT = readFileSync(new URL('stage-conf.sh', import.meta.url), 'utf8');

const nameOf = (driver: DriverId): string => recipes[driver]?.confName ?? '';

const sourceOf = ({ driver, input }: Params): string => {
  const recipe = recipes[driver];
  return recipe === undefined ? '' : confPath(recipe, input);
};

/** Before K3s hands the network over: whatever folder its runtime reads next, the same configuration lies there. */
export const cniStageConf = defineStep<Params, State>({
  id: 'cni.stage-conf',
  title: ({ driver, confDir }) => `Put the configuration of ${driverOf(driver).title} into ${confDir}, too`,
  scope: 'host',
  reads: ['cni'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 2 },
  timeoutMs: 120_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, { driver, plugins, confDir, binDir }) => {
    const cni = world.hosts.get(subject.host ?? '')?.sections.cni?.value;
    if (cni === undefined) return undefined;
    return {
      conf: cni.files.some(({ path }) => path === `${confDir}/${nameOf(driver)}`),
      missing: plugins.filter((plugin) => !cni.binaries.includes(`${binDir}/${plugin}`)),
    };
  },
  diff: (state, { driver, confDir, binDir }) => {
    const path = `${confDir}/${nameOf(driver)}`;
    if (state === undefined) return [{ kind: 'unknown', what: path }];
    return [
      ...(state.conf ? [] : [{ kind: 'add' as const, what: path }]),
      ...state.missing.map((plugin) => ({ kind: 'add' as const, what: `${binDir}/${plugin}` })),
    ];
  },
  apply: async (context, params) => {
    const host = context.subject.host ?? '';
    const values = {
      SOURCE: sourceOf(params),
      FROM: params.input.binDir,
      PLUGINS: params.plugins.join(' '),
      CONF_DIR: params.confDir,
      CONF_NAME: nameOf(params.driver),
      BIN_DIR: params.binDir,
    };
    const lines = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(value)}`);
    const done = await context.on(host).change([...lines, SCRIPT].join('\n'));
    if (!done.ok) return done;
    if (done.value.status === 0) return ok({});
    return err({
      class: 'permanent',
      code: 'cni-conf-refused',
      host,
      message: `${host}: the configuration cannot be put into ${params.confDir}`,
      cause: lastWords(done.value),
    });
  },
  verify: async (context, params) => {
    const host = context.subject.host ?? '';
    const { confDir, binDir, plugins, driver } = params;
    const source = sourceOf(params);
    const target = `${confDir}/${nameOf(driver)}`;
    const looks = [
      // Once K3s has handed over, the source is gone: then the copy is what counts.
      `if [ ! -s '${target}' ]; then echo '${target} is missing'; elif [ -e '${source}' ] && ! cmp -s '${source}' '${target}'; then echo '${target} has other content'; fi`,
      ...plugins.map((plugin) => `[ -x '${binDir}/${plugin}' ] || echo '${binDir}/${plugin} is missing'`),
      'true',
    ];
    const seen = await context.read(host).read(looks.join('\n'));
    if (!seen.ok) return seen;
    const wrong = seen.value.stdout.trim().split('\n').filter(Boolean);
    return wrong.length === 0
      ? ok({ text: `${target} and ${plugins.length} plugins are there` })
      : notHeld(host, sentence(wrong));
  },
});
