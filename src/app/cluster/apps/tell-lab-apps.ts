import { count, sentence } from '../../../core/text.js';
import type { Cluster } from '../../../spec/cluster.js';
import { vaultApplications } from '../../../spec/vault.js';
import { type AppsInput, enabledApps } from '../../../steps/apps/input.js';
import { missingInLab, withoutVault } from '../../../steps/apps/stand-in.js';
import type { ClusterTools } from '../tools.js';

/** No lab has a real Vault: either its own server and agent stand in, or applications run without their files. */
const tellVault = (input: AppsInput, note: (text: string) => void): void => {
  const without = withoutVault(input);
  if (without.length > 0) note(`this lab has no host for Vault: ${sentence(without)} run without its files`);
  else if (vaultApplications(input.cluster).length > 0)
    note('in this lab a program of its own stands in for Vault’s agent: not rehearsed with a real Vault');
};

/** What a lab does otherwise than the spec says, in one line each. */
export const tellLabApps = (cluster: Cluster, { sets, emit }: Pick<ClusterTools, 'sets' | 'emit'>): void => {
  const lab = sets?.lab;
  const apps = enabledApps(cluster).length;
  if (lab === undefined || apps === 0) return;
  const note = (text: string): void => emit({ type: 'note', level: 'info', text });
  note(`in this lab a stand-in runs in place of the images of ${count(apps, 'application')}`);
  const missing = missingInLab({ cluster, nodes: [], lab });
  if (missing.length > 0)
    note(`this lab has no host for ${sentence(missing)}: the stand-ins do not open them`);
  tellVault({ cluster, nodes: [], lab }, note);
};
