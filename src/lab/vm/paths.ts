import { dirname, join } from 'node:path';
import { rootfsHome } from '../paths.js';
import type { OpenLab } from '../state/store.js';

/** Where the tools and disks of virtual machines are kept: `$XDG_CACHE_HOME/drover/vm`. */
export const vmHome = (env: Readonly<Record<string, string | undefined>>): string =>
  join(dirname(rootfsHome(env)), 'vm');

/** Unix socket of a host's second serial port: the lab's console. */
export const consoleSocket = (lab: OpenLab, host: string): string => {
  const index = lab.state().plan.hosts.findIndex(({ name }) => name === host);
  return join(lab.paths.controlDir, `vm${index}.sock`);
};
