/** `1:8.14.1-2+deb13u2` as dpkg has it, without the epoch and without Debian's revision: 8.14.1. */
export const upstreamVersion = (version: string): string =>
  version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
