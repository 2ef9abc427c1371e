import { readFileSync } from 'node:fs';

/** The scripts stand beside the lab's engine, whose conformance suite proves their documented effects. */
const piece = (name: string): string =>
  readFileSync(new URL(`../../../lab/engine/scripts/${name}`, import.meta.url), 'utf8');

/** Stops K3s and everything that its pods left in the kernel, as K3s' own script is documented to do. */
export const killallScript = (): string => piece('k3s-killall.sh');

/**
 * Removes K3s; one script for both roles, which knows its unit by its own file name. Like K3s' own it deletes local-path
 * data, so Drover never runs it without proof of a copy.
 */
export const uninstallScript = (): string => piece('uninstall.sh');
