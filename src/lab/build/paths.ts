import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootfsHome } from '../paths.js';

/** The project's lab/ directory: the modules that are compiled. */
export const SOURCES = fileURLToPath(new URL('../../../lab', import.meta.url));

/** Where builds are kept: `$XDG_CACHE_HOME/drover/build`. */
export const buildHome = (env: Readonly<Record<string, string | undefined>>): string =>
  join(dirname(rootfsHome(env)), 'build');
