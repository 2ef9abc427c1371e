import { readFileSync } from 'node:fs';

/** Version of the installed package. package.json stands two levels above both src/app and dist/app. */
export const toolVersion = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
};
