import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import type { Clock } from '../../src/core/ports/clock.js';
import { type JournalLine, makeLine } from '../../src/run/journal-line.js';
import { findMirrored } from '../../src/run/mirror/find.js';
import { openMirror } from '../../src/run/mirror/mirror.js';
import { systemClock } from '../../src/system/clock.js';
import { type FolderHosts, folderHosts } from './folder-hosts.js';
import { planOf } from './made-up.js';

const SERVERS = ['s1', 's2', 's3'];
const RUN = '20260101-000000-abcd';
const plan = planOf([{ name: 'only', goal: 'nothing', goals: [] }]);

const event = (action: string): RunEvent => ({ type: 'action-skipped', run: RUN, action, reason: 'test' });

const chainOf = (count: number, fork = ''): JournalLine[] => {
  const lines: JournalLine[] = [];
  for (let at = 0; at < count; at += 1)
    lines.push(makeLine(lines.at(-1), '2026-01-01T00:00:00.000Z', event(`${fork}${at}`)));
  return lines;
};

let hosts: FolderHosts;
beforeEach(async () => {
  hosts = await folderHosts(SERVERS);
});
afterEach(() => hosts.remove());

/** No rest and no patience ever ends by itself here. */
const whereNothingEnds: Clock = {
  ...systemClock,
  delay: (_, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('ended')));
    }),
};

/** How often each host was sent a part of the file. */
const calls = (file: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { host, title } of hosts.calls)
    if (title === `mirror ${file}`) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
};

const mirror = (
  lines: readonly JournalLine[] = [],
  part: { readonly run?: string; readonly fencing?: number; readonly clock?: Clock } = {},
) =>
  openMirror({
    transport: hosts.transport,
    clock: systemClock,
    hosts: SERVERS.map(hosts.target),
    run: RUN,
    cluster: 'made-up',
    fencing: 1,
    lines,
    ...part,
  });

const find = (id?: string, cluster = 'made-up') =>
  findMirrored({
    transport: hosts.transport,
    servers: SERVERS.map(hosts.target),
    cluster,
    realm: 'lab/test',
    id,
    signal: new AbortController().signal,
  });

const journalOf = (host: string): string => hosts.path(host, `drover/${RUN}/journal.jsonl`);

/** A whole run of so many lines on all hosts. */
const fill = async (
  lines: readonly JournalLine[],
  part: { readonly run?: string; readonly fencing?: number } = {},
) => {
  const copies = mirror([], part);
  copies.put('plan.json', JSON.stringify(plan));
  copies.put('secrets.json', '{"token":"sealed"}');
  for (const line of lines) copies.add(line);
  return copies.flush();
};

describe('copies of a run on the server hosts', () => {
  it('hold plan, sealed secrets and every line, in order, for nobody else to read', async () => {
    const lines = chainOf(50);
    expect(await fill(lines)).toEqual([]);
    const { run, damaged } = await find();
    expect(damaged).toEqual([]);
    expect(run).toMatchObject({ id: RUN, lines, plan, secrets: '{"token":"sealed"}' });
    const { execa } = await import('execa');
    const { stdout } = await execa('stat', ['-c', '%a', journalOf('s1'), hosts.path('s1', `drover/${RUN}`)]);
    expect(stdout).toBe('600\n700');
  });

  it('are made whole again when a host was away, or lost the end of its copy', async () => {
    hosts.away.add('s2');
    const lines = chainOf(6);
    const copies = mirror();
    copies.put('plan.json', JSON.stringify(plan));
    for (const line of lines.slice(0, 3)) copies.add(line);
    expect(await copies.flush()).toEqual(['s2']);
    hosts.away.clear();
    await writeFile(journalOf('s3'), '');
    for (const line of lines.slice(3)) copies.add(line);
    expect(await copies.flush()).toEqual([]);
    const texts = await Promise.all(SERVERS.map((host) => readFile(journalOf(host), 'utf8')));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]?.split('\n')).toHaveLength(7);
  });

  it('are waited for where an effect must not be known to one machine alone: one of them suffices', async () => {
    hosts.away.add('s1').add('s3');
    const lines = chainOf(5);
    const copies = mirror();
    copies.put('plan.json', JSON.stringify(plan));
    for (const line of lines) {
      copies.add(line);
      await copies.reach();
      const copied = (await readFile(journalOf('s2'), 'utf8')).trimEnd().split('\n');
      expect(copied).toHaveLength(lines.indexOf(line) + 1);
    }
  });

  it('hold nobody up where no host takes them', async () => {
    for (const host of SERVERS) hosts.away.add(host);
    const copies = mirror();
    for (const line of chainOf(2)) copies.add(line);
    await copies.reach();
    expect(await copies.flush()).toEqual(SERVERS);
  });

  it('get lines that nobody waits for together, after a rest', async () => {
    const copies = mirror([], { clock: whereNothingEnds });
    const [first, ...others] = chainOf(20);
    if (first === undefined) throw new Error('no lines');
    copies.add(first);
    await vi.waitFor(() => expect(calls('journal.jsonl')).toEqual(new Map(SERVERS.map((host) => [host, 1]))));
    for (const line of others) copies.add(line);
    expect(await copies.flush()).toEqual([]);
    expect(calls('journal.jsonl')).toEqual(new Map(SERVERS.map((host) => [host, 2])));
  });

  it('hurry one host for an effect that waits, and the others only when that one does not answer', async () => {
    const copies = mirror([], { clock: whereNothingEnds });
    const [first, second, third] = chainOf(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('no lines');
    copies.add(first);
    await vi.waitFor(() => expect(calls('journal.jsonl').size).toBe(3));
    copies.add(second);
    await copies.reach();
    expect(calls('journal.jsonl')).toEqual(
      new Map([
        ['s1', 2],
        ['s2', 1],
        ['s3', 1],
      ]),
    );
    hosts.away.add('s1');
    copies.add(third);
    await copies.reach();
    const copied = await Promise.all(
      ['s2', 's3'].map(
        async (host) => (await readFile(journalOf(host), 'utf8')).trimEnd().split('\n').length,
      ),
    );
    expect(Math.max(...copied)).toBe(3);
  });

  it('replace what a crash left half written', async () => {
    const lines = chainOf(4);
    await fill(lines.slice(0, 2));
    await appendFile(journalOf('s1'), '{"torn');
    const again = mirror(lines.slice(0, 2));
    for (const line of lines.slice(2)) again.add(line);
    expect(await again.flush()).toEqual([]);
    expect((await find()).run?.lines).toEqual(lines);
  });

  it('are not touched by a run that was fenced off', async () => {
    const lines = chainOf(3);
    await fill(lines, { fencing: 7 });
    expect(await fill(chainOf(9, 'late'), { fencing: 6 })).toEqual(SERVERS);
    expect((await find()).run?.lines).toEqual(lines);
  });
});

describe('finding a run on the server hosts', () => {
  it('takes the newest one of the cluster, or the one that is asked for', async () => {
    await fill(chainOf(2));
    await fill(chainOf(3), { run: '20260102-000000-beef' });
    expect((await find()).run?.id).toBe('20260102-000000-beef');
    expect((await find(RUN)).run?.id).toBe(RUN);
    expect((await find(undefined, 'another')).run).toBeUndefined();
  });

  it('leaves out a copy whose chain is broken, and says so', async () => {
    const lines = chainOf(5);
    await fill(lines);
    const text = await readFile(journalOf('s1'), 'utf8');
    await writeFile(journalOf('s1'), text.replace('"2"', '"9"'));
    hosts.away.add('s2');
    const { run, damaged, unreachable } = await find();
    expect(run).toMatchObject({ host: 's3', lines });
    expect(damaged).toEqual([`s1: line 3 of run ${RUN} was changed after it was written`]);
    expect(unreachable).toEqual(['s2']);
  });

  it('prefers the longest whole copy', async () => {
    const lines = chainOf(5);
    await fill(lines);
    const text = await readFile(journalOf('s1'), 'utf8');
    await writeFile(journalOf('s1'), text.split('\n').slice(0, 2).join('\n'));
    expect((await find()).run?.lines).toHaveLength(5);
  });
});
