import type { VaultApplication } from '../../spec/vault.js';
import { vaultPaths } from '../../spec/vault.js';
import { SECRETS_FOLDER, VERSIONS_FILE } from './places.js';

/** A file that the agent writes, in the template language of consul-template. */
export interface Template {
  readonly destination: string;
  readonly contents: string;
}

type Reference = { readonly path: string; readonly key: string };

const within = (mount: string, path: string, text: string): string =>
  `{{ with secret "${mount}/data/${path}" }}${text}{{ end }}`;

/** Single quotes keep everything as it is in a shell, but single quotes. Numbers are text there, too. */
const QUOTED = String.raw`| printf "%v" | replaceAll "'" "'\\''"`;

const variable = (mount: string, name: string, { path, key }: Reference): string =>
  within(mount, path, `${name}='{{ .Data.data.${key} ${QUOTED} }}'`);

const fileOf = (
  mount: string,
  { name, env, value }: VaultApplication['vault']['files'][number],
): Template => ({
  destination: `${SECRETS_FOLDER}/${name}`,
  contents:
    value === undefined
      ? Object.entries(env ?? {})
          .map(([each, reference]) => `${variable(mount, each, reference)}\n`)
          .join('')
      : within(mount, value.path, `{{ .Data.data.${value.key} }}`),
});

/** The files of an application. Pure: references alone, values are put in by the agent. */
export const fileTemplates = (mount: string, { vault }: VaultApplication): readonly Template[] =>
  vault.files.map((file) => fileOf(mount, file));

/** Which version of every secret the agent has written: what a verification compares with Vault. */
export const versionsTemplate = (mount: string, application: VaultApplication): Template => ({
  destination: VERSIONS_FILE,
  contents: vaultPaths(application)
    .map((path) => `${within(mount, path, `{{ .Data.metadata.version }} ${path}`)}\n`)
    .join(''),
});
