import type { CollectorValue } from '../model/host-facts.js';
import { duplicateKeys, type YamlItem, yamlItems } from './yaml-items.js';

type Install = CollectorValue<'kubernetes'>['installs'][number];
type Settings = Install['settings'];

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Everything from which K3s (or RKE2) makes its configuration. */
export interface SettingSources {
  /** Variables of the environment files, with the file each stands in. */
  readonly environment: readonly (readonly [name: string, value: string, origin: string])[];
  /** config.yaml, then the files of config.yaml.d in alphabetical order. */
  readonly files: readonly ConfigFile[];
  /** Flags of the unit's command line. */
  readonly flags: readonly (readonly [key: string, value: string])[];
}

export interface Merged {
  readonly settings: Settings;
  readonly duplicates: Install['duplicates'];
  readonly errors: readonly string[];
}

/** K3S_NODE_NAME → node-name. Two names do not follow the rule; variables of the installer are no flags. */
const flagOfVariable = (name: string): string | undefined => {
  const rest = /^(?:K3S|RKE2)_(.+)$/.exec(name)?.[1];
  if (rest === undefined || rest === 'CONFIG_FILE') return undefined;
  if (rest === 'URL') return 'server';
  if (rest === 'KUBECONFIG_MODE') return 'write-kubeconfig-mode';
  return rest.toLowerCase().replaceAll('_', '-');
};

const asList = (value: string | readonly string[]): string[] =>
  typeof value === 'string' ? [value] : [...value];

type Setting = Settings[string];

const append = (before: Setting, value: string | readonly string[], origin: string): Setting => ({
  value: [...asList(before.value), ...asList(value)],
  origin: `${before.origin} + ${origin}`,
});

const ofEnvironment = (environment: SettingSources['environment']): Settings =>
  Object.fromEntries(
    environment.flatMap(([name, value, origin]): [string, Setting][] => {
      const key = flagOfVariable(name);
      return key === undefined ? [] : [[key, { value, origin }]];
    }),
  );

/** One item after the other: a later key replaces an earlier one, lists too; only `key+` appends. */
const ofFile = (settings: Settings, path: string, items: readonly YamlItem[]): void => {
  for (const { key, value, line } of items) {
    const origin = `${path}:${line}`;
    const name = key.replace(/\+$/, '');
    const before = key.endsWith('+') ? settings[name] : undefined;
    const own = typeof value === 'string' ? value : [...value];
    settings[name] = before === undefined ? { value: own, origin } : append(before, value, origin);
  }
};

const ofFlags = (flags: SettingSources['flags']): Settings => {
  const values = new Map<string, string[]>();
  for (const [key, value] of flags) values.set(key, [...(values.get(key) ?? []), value]);
  return Object.fromEntries(
    [...values].map(([key, all]) => [
      key,
      { value: all.length === 1 ? (all[0] ?? '') : all, origin: 'unit' },
    ]),
  );
};

export type OwnSetting = NonNullable<CollectorValue<'kubernetes'>['own']>[number];

const plainValue = (value: YamlItem['value']): string | string[] =>
  typeof value === 'string' ? value : [...value];

/** Everything that is set anywhere but in `except`, place by place: what stands below something else is told, too. */
export const ownSettings = ({ environment, files, flags }: SettingSources, except: string): OwnSetting[] => [
  ...environment.flatMap(([name, value, origin]): OwnSetting[] => {
    const key = flagOfVariable(name);
    return key === undefined ? [] : [{ key, value, origin, from: 'environment' }];
  }),
  ...files
    .filter(({ path }) => path !== except)
    .flatMap(({ path, text }) =>
      yamlItems(text).items.map(
        ({ key, value, line }): OwnSetting => ({
          key,
          value: plainValue(value),
          origin: `${path}:${line}`,
          from: 'file',
        }),
      ),
    ),
  ...flags.map(([key, value]): OwnSetting => ({ key, value, origin: 'unit', from: 'unit' })),
];

/**
 * K3s' own rules (pkg/configfilearg/parser.go): files in order; a flag on the command line replaces what the
 * files say, lists included; the environment counts only where neither speaks.
 */
export const mergeSettings = ({ environment, files, flags }: SettingSources): Merged => {
  const fromFiles: Settings = {};
  const duplicates: Merged['duplicates'] = [];
  const errors: string[] = [];
  for (const { path, text } of files) {
    const { items, error } = yamlItems(text);
    if (error !== undefined) errors.push(`${path}: ${error}`);
    duplicates.push(...duplicateKeys(items).map((found) => ({ file: path, ...found })));
    ofFile(fromFiles, path, items);
  }
  return { settings: { ...ofEnvironment(environment), ...fromFiles, ...ofFlags(flags) }, duplicates, errors };
};
