import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.js';
import { actionFolder, forgetScript, surveyScript, undoScript } from '../../src/run/remote/compose.js';
import { hostEffects } from '../../src/run/remote/host-effects.js';
import { type Saved, splitSaved } from '../../src/run/remote/saved.js';
import { parseSurvey } from '../../src/run/rollback/survey.js';
import { type FolderHosts, folderHosts } from './folder-hosts.js';

const [RUN, ACTION, HOST] = ['r', 'write/s1', 's1'];
const { uid, gid } = userInfo();

let hosts: FolderHosts;
beforeEach(async () => {
  hosts = await folderHosts([HOST]);
  await writeFile(file('one'), 'one as it was', { mode: 0o640 });
  await writeFile(file('two'), 'two as it was');
});
afterEach(() => hosts.remove());

const file = (name: string): string => hosts.path(HOST, name);
const kept = (name: string): string => file(`drover/${RUN}/write_s1/before/${name}`);
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Replaces files as an action does; what the journal is told, in order. */
const replace = async (names: readonly string[]): Promise<Saved[]> => {
  const told: Saved[] = [];
  const effects = hostEffects({
    transport: hosts.transport,
    target: hosts.target(HOST),
    run: RUN,
    action: ACTION,
    cluster: 'c',
    fencing: 1,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    saved: (saved) => {
      told.push(saved);
      return Promise.resolve();
    },
  });
  await writeFile(file('source'), 'new');
  for (const name of names) {
    const goal = { path: file(name), sha256: sha256('new'), owner: `${uid}:${gid}`, mode: '0600' };
    const done = await effects.upload(file('source'), goal);
    if (!done.ok) throw new Error(done.error.message);
  }
  return told;
};

const run = async (text: string) => {
  await mkdir(file('call'), { recursive: true });
  const script = { title: 'test', text: `DROVER_CALL='${file('call')}'\n${text}` };
  const done = await hosts.transport.run(hosts.target(HOST), script, { timeoutMs: 60_000 });
  if (!done.ok) throw new Error(done.error.detail);
  const { status, stdout, stderr } = done.value;
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
};

const undo = (saved: Saved | undefined, leaveDamaged = false) =>
  run(undoScript({ run: RUN, action: ACTION, overwrite: false, dataAgreed: false, leaveDamaged, saved }));

const survey = async (saved: Saved | undefined) => {
  const known = new Map(saved === undefined ? [] : [[ACTION, saved]]);
  const { stdout } = await run(surveyScript(RUN, [ACTION], known));
  const things = parseSurvey(stdout).get(ACTION) ?? [];
  return Object.fromEntries(things.map(({ name, verdict }) => [name.split('/').at(-1) ?? '', verdict]));
};

const textOf = (name: string): Promise<string> => readFile(file(name), 'utf8');

describe('what an action saves on its host', () => {
  it('is told to the journal as a digest, without a byte of its content', async () => {
    const told = await replace(['one', 'two']);
    const index = await readFile(kept('index'), 'utf8');
    expect(told.at(-1)).toEqual({ things: 2, digest: digestOf(index) });
    expect(told[0]).toEqual({ things: 1, digest: digestOf(index.slice(0, index.indexOf('\n') + 1)) });
    expect(index).toContain(digestOf('one as it was'));
    expect(JSON.stringify(told)).not.toContain('as it was');
    expect((await stat(file(`drover/${RUN}`))).mode & 0o777).toBe(0o700);
  });

  it('is put back with mode and content when it is whole', async () => {
    const told = await replace(['one', 'two']);
    expect(await survey(told.at(-1))).toEqual({ one: 'left', two: 'left' });
    expect((await undo(told.at(-1))).status).toBe(0);
    expect([await textOf('one'), await textOf('two')]).toEqual(['one as it was', 'two as it was']);
    expect((await stat(file('one'))).mode & 0o777).toBe(0o640);
    expect(await survey(told.at(-1))).toEqual({ one: 'saved', two: 'saved' });
  });

  it('is put back also where the run was killed before the journal could know all of it', async () => {
    const [first] = await replace(['one', 'two']);
    expect((await undo(first)).status).toBe(0);
    expect(await textOf('two')).toBe('two as it was');
  });

  it('is not put back when a content was changed, and nothing else is touched', async () => {
    const [saved] = (await replace(['one', 'two'])).slice(-1);
    await writeFile(kept('1'), 'somebody else wrote this');
    expect(await survey(saved)).toEqual({ one: 'damaged', two: 'left' });
    const refused = await undo(saved);
    expect(refused).toMatchObject({ status: 22, stderr: `file ${file('one')}\n` });
    expect([await textOf('one'), await textOf('two')]).toEqual(['new', 'new']);
  });

  it('needs nothing that is damaged once a person put the thing back by hand', async () => {
    const [saved] = (await replace(['one', 'two'])).slice(-1);
    await rm(kept('1'));
    await rm(file('one'));
    await writeFile(file('one'), 'one as it was', { mode: 0o640 });
    expect(await survey(saved)).toEqual({ one: 'saved', two: 'left' });
    expect((await undo(saved)).status).toBe(0);
    expect([await textOf('one'), await textOf('two')]).toEqual(['one as it was', 'two as it was']);
  });

  it('stays damaged as it is when a person says so, and everything else goes back', async () => {
    const [saved] = (await replace(['one', 'two'])).slice(-1);
    await writeFile(kept('1'), 'somebody else wrote this');
    expect((await undo(saved, true)).status).toBe(0);
    expect([await textOf('one'), await textOf('two')]).toEqual(['new', 'two as it was']);
    expect(await survey(saved)).toEqual({ one: 'kept', two: 'saved' });
  });

  it.each([
    [
      'was changed',
      async () => writeFile(kept('index'), (await readFile(kept('index'), 'utf8')).replace('640', '777')),
    ],
    [
      'lost lines',
      async () => writeFile(kept('index'), `${(await readFile(kept('index'), 'utf8')).split('\n')[0]}\n`),
    ],
    ['is gone', () => rm(file(`drover/${RUN}`), { recursive: true })],
  ])('is refused as a whole when its list %s', async (_what, spoil) => {
    const [saved] = (await replace(['one', 'two'])).slice(-1);
    await spoil();
    expect(await survey(saved)).toEqual({ index: 'damaged' });
    expect((await undo(saved)).status).toBe(22);
    expect(await textOf('one')).toBe('new');
    expect((await undo(saved, true)).status).toBe(0);
    expect([await textOf('one'), await survey(saved)]).toEqual(['new', {}]);
  });

  it('is no script that runs when it was changed', async () => {
    const marker = file('ran');
    const folder = actionFolder(RUN, ACTION);
    const keepScript = (body: string) =>
      `DROVER_ACTION=${folder}\n${PIECES}\nsave_script k3s <<'END'\n${body}\nEND`;
    expect((await run(keepScript('[ "$1" = go ] || echo clean'))).status).toBe(0);
    await appendFile(kept('1'), `touch '${marker}'\n`);
    expect(await survey(undefined)).toEqual({ k3s: 'damaged' });
    expect((await undo(undefined)).status).toBe(22);
    expect((await undo(undefined, true)).status).toBe(0);
    await expect(stat(marker)).rejects.toThrow('ENOENT');
  });
});

const REMOTE = join(import.meta.dirname, '..', '..', 'src', 'run', 'remote');
const PIECES = await Promise.all(
  ['save-points.sh', 'states.sh'].map((name) => readFile(join(REMOTE, name), 'utf8')),
).then((texts) => texts.join('\n'));

describe('what wrappers tell about saved things', () => {
  it('is taken off the end of an output, which is whole without it', () => {
    const digest = digestOf('x');
    const saved = { things: 12, digest };
    expect(splitSaved(`out\n\ndrover-saved 12 ${digest}\n`)).toEqual({ stdout: 'out\n', saved });
    expect(splitSaved(`no end of line\ndrover-saved 12 ${digest}\n`)).toEqual({
      stdout: 'no end of line',
      saved,
    });
    expect(splitSaved(`drover-saved 12 ${digest}\n`).saved).toBeUndefined();
    expect(splitSaved('out\n')).toEqual({ stdout: 'out\n', saved: undefined });
  });
});

describe('after everything is back', () => {
  it('nothing of the runs stays on a host but locks and numbers', async () => {
    await replace(['one']);
    await mkdir(file('drover/lock'), { recursive: true });
    await mkdir(file('drover/other-run'));
    expect((await run(forgetScript({ cluster: 'c', fencing: 2 }, [RUN, 'back']))).status).toBe(0);
    expect((await readdir(file('drover'))).sort()).toEqual(['fence', 'lock', 'other-run']);
  });

  it('a run that lost the cluster removes nothing', async () => {
    await replace(['one']);
    await run(forgetScript({ cluster: 'c', fencing: 5 }, []));
    expect((await run(forgetScript({ cluster: 'c', fencing: 2 }, [RUN]))).status).toBe(75);
    expect(await readdir(file('drover'))).toContain(RUN);
  });
});
