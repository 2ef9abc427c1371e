import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { KNOWN_GOOD } from '../../src/spec/networks/known-good.js';
import { MANIFESTS } from '../../src/spec/networks/manifests.js';

describe('versions of networks', () => {
  it('are those that the page tells', async () => {
    const page = await readFile('docs/journeys/change-network.md', 'utf8');
    for (const { usual, tested } of Object.values(KNOWN_GOOD))
      if (usual !== undefined && tested !== undefined) expect(page).toContain(`| ${usual} | ${tested} |`);
  });

  it('are pinned for tests as the table says', async () => {
    const pinned = await readFile('lab/upstream/go.mod', 'utf8');
    expect(pinned).toContain(`github.com/flannel-io/flannel ${KNOWN_GOOD['flannel/daemonset'].tested ?? ''}`);
    expect(pinned).toContain(`github.com/cilium/cilium v${KNOWN_GOOD['cilium/chart'].tested ?? ''}`);
    expect(pinned).toMatch(
      new RegExp(`projectcalico/calico .* // ${KNOWN_GOOD['calico/manifest'].tested ?? ''}`),
    );
  });

  it.each([
    ['calico', KNOWN_GOOD['calico/manifest']],
    ['calico-operator', KNOWN_GOOD['calico/operator']],
    ['flannel', KNOWN_GOOD['flannel/daemonset']],
  ] as const)('have digests of what %s is made of', (name, { usual = '', tested = '' }) => {
    const { known, files } = MANIFESTS[name];
    expect(known).toEqual(expect.arrayContaining([usual, tested]));
    for (const tag of known) for (const { sha256 } of files(tag)) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(files('v0.0.1').map(({ sha256 }) => sha256)).toEqual(files('v0.0.1').map(() => undefined));
  });
});
