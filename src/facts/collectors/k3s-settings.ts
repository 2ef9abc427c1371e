import type { CollectorValue } from '../model/host-facts.js';
import { duplicateKeys, yamlItems } from './yaml-items.js';

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

/**
 * K3s' own rules (pkg/configfilearg/parser.go): files in order, a later key replaces an earlier one, lists too;
 * only `key+` appends. A flag on the command line replaces what the files say; the environment counts only where
 * neither speaks.
 */
export const mergeSettings = ({ environment, files, flags }: SettingSources): Merged => {
  const settings: Settings = {};
  const duplicates: Merged['duplicates'] = [];
  const errors: string[] = [];
  for (const [name, value, origin] of environment) {
    const key = flagOfVariable(name);
    if (key !== undefined) settings[key] = { value, origin };
  }
  const fromFiles = new Map<string, { value: string | string[]; origin: string }>();
  for (const { path, text } of files) {
    const { items, error } = yamlItems(text);
    if (error !== undefined) errors.push(`${path}: ${error}`);
    duplicates.push(...duplicateKeys(items).map((found) => ({ file: path, ...found })));
    for (const { key, value, line } of items) {
      const origin = `${path}:${line}`;
      const name = key.replace(/\+$/, '');
      const before = key.endsWith('+') ? fromFiles.get(name) : undefined;
      const own = typeof value === 'string' ? value : [...value];
      fromFiles.set(name, {
        value: before === undefined ? own : [...asList(before.value), ...asList(value)],
        origin: before === undefined ? origin : `${before.origin} + ${origin}`,
      });
    }
  }
  for (const [name, setting] of fromFiles) settings[name] = setting;
  const fromFlags = new Map<string, string[]>();
  for (const [key, value] of flags) fromFlags.set(key, [...(fromFlags.get(key) ?? []), value]);
  for (const [key, values] of fromFlags)
    settings[key] = { value: values.length === 1 ? (values[0] ?? '') : values, origin: 'unit' };
  return { settings, duplicates, errors };
};
