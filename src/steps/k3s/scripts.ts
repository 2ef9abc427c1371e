import { readFileSync } from 'node:fs';
import type { K3sRole } from './unit.js';

const piece = (name: string): string => readFileSync(new URL(`scripts/${name}`, import.meta.url), 'utf8');

/** Stops K3s and everything that its pods left in the kernel, as K3s' own script is documented to do. */
export const killallScript = (): string => piece('killall.sh');

/** Removes K3s. Like K3s' own it deletes local-path data, so Drover never runs it without proof of a copy. */
export const uninstallScript = (role: K3sRole): string =>
  piece('uninstall.sh').replaceAll('@UNIT@', role === 'server' ? 'k3s' : 'k3s-agent');
