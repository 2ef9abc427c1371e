import type { Flag } from './command.js';

/** A download of K3s, for commands that take a real one in place of the lab engine. */
export const k3sDownloadFlags: readonly Flag[] = [
  { name: 'k3s-url', value: 'URL', summary: 'Download a K3s program instead (with --sha256)' },
  { name: 'sha256', value: 'HEX', summary: 'SHA-256 that the download must have' },
];

/** Images for a K3s that finds none here: what is published beside each release. */
export const k3sImagesFlag: Flag = {
  name: 'k3s-images',
  value: 'PATH',
  summary: 'Air-gap archive of that K3s’ images, given to every host',
};
