import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../src/facts/cluster/cluster-facts.js';
import { missingClasses } from '../../src/plan/storage-classes.js';
import { load } from '../spec/rig.js';
import { clusterFacts } from '../support/cluster-facts.js';

const messages = async (
  volume: string,
  { addon = true, classes }: { readonly addon?: boolean; readonly classes?: ClusterFacts['classes'] },
): Promise<readonly unknown[]> => {
  const loaded = await load(`apiVersion: drover/v1
kind: Cluster
metadata: { name: shop }
spec:
  hosts: [{ name: server-1, address: 10.0.0.11, role: server }]
  network: { nodes: 10.0.0.0/24 }
  addons: { localPath: { enabled: ${addon} } }
  applications:
    - name: web
      namespace: shop
      image: registry.example/web:1.0.0
      storage: [${volume}]
`);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const facts = classes === undefined ? undefined : { ...clusterFacts(), classes };
  return missingClasses(loaded.value, facts).map(({ message, location, label }) => [
    message,
    `${location?.line ?? 0}:${location?.column ?? 0}`,
    label,
  ]);
};

const PLAIN = '{ name: data, mountPath: /data, size: 1Gi }';
const FAST = '{ name: data, mountPath: /data, size: 1Gi, className: fsat }';
const fast = [{ name: 'fast', provisioner: 'x', default: false }];

describe('storage classes of volumes', () => {
  it.each([
    ['has a class', PLAIN, {}],
    ['has the class that comes with the addon', PLAIN, { classes: [] }],
    ['may have a class that a chart brings to a cluster that is not there yet', FAST, {}],
    [
      'has the default class of the cluster',
      PLAIN,
      { addon: false, classes: [{ ...fast[0], default: true }] },
    ],
  ])('%s', async (_, volume, world) => {
    expect(await messages(volume, world as never)).toEqual([]);
  });

  it('refuses a class that the cluster does not have, where it is written', async () => {
    expect(await messages(FAST, { classes: fast })).toEqual([
      ['there is no storage class fsat for the volume data of web', '12:71', 'did you mean fast?'],
    ]);
  });

  it('refuses a volume without a class where none is the default', async () => {
    expect(await messages(PLAIN, { addon: false, classes: fast })).toEqual([
      ['the volume data of web names no storage class, and no class is the default', '12:25', undefined],
    ]);
  });
});
