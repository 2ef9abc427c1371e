import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collectHost } from '../../../src/facts/collect-host.js';
import { systemClock } from '../../support/ports.js';
import { scratchHost } from '../../support/scratch-root.js';

let programs: string;
beforeAll(() => {
  programs = mkdtempSync(join(tmpdir(), 'drover-path-'));
  // As on a host so slow that the programs are ended before they have asked anything.
  for (const name of ['perl', 'python3'])
    writeFileSync(join(programs, name), '#!/bin/sh\nexit 124\n', { mode: 0o755 });
});
afterAll(() => rmSync(programs, { recursive: true }));

it('tells of no lookup when none came about: that is no silence of the name servers', async () => {
  const tree = { '/etc/resolv.conf': 'nameserver 192.0.2.1\n' };
  const path = `${programs}:${process.env['PATH'] ?? ''}`;
  const { facts } = await collectHost(
    scratchHost(tree, { PATH: path }),
    { name: 'alpha', address: '10.0.0.1' },
    { clock: systemClock, key: Buffer.alloc(32, 'k'), nonce: 'n', only: ['resolver'] },
  );
  expect(facts.sections.resolver?.value).toMatchObject({ nameservers: ['192.0.2.1'], lookups: [] });
});
