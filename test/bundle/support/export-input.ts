import type { ExportInput } from '../../../src/bundle/export/export.js';
import { systemClock } from '../../../src/system/clock.js';
import { systemRandom } from '../../../src/system/random.js';
import type { FakeCluster } from './fake-kube.js';

/** An export of everything that a cluster in memory has. */
export const exportInput = (
  { kube }: Pick<FakeCluster, 'kube'>,
  more: Pick<ExportInput, 'folder' | 'wrap'> & Partial<ExportInput>,
): ExportInput => ({
  kube,
  source: { ...kube.target, uid: 'u', version: 'v1.34.2', distribution: 'other' },
  target: undefined,
  namespaces: [],
  include: [],
  exclude: [],
  nodePorts: 'own',
  random: systemRandom,
  clock: systemClock,
  tool: '0.0.0',
  signal: new AbortController().signal,
  progress: () => undefined,
  ...more,
});
