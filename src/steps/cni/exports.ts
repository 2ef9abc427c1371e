/** Where a run keeps what it takes out of a cluster, on hosts, for root alone. */
export const exportFolder = (run: string): string =>
  `/var/lib/drover/exports/${run.replace(/[^A-Za-z0-9.-]/g, '_')}`;
