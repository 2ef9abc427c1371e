import { dirname, join } from 'node:path';
import { rootfsHome } from '../paths.js';

/** Where the tools and disks of virtual machines are kept: `$XDG_CACHE_HOME/drover/vm`. */
export const vmHome = (env: Readonly<Record<string, string | undefined>>): string =>
  join(dirname(rootfsHome(env)), 'vm');
