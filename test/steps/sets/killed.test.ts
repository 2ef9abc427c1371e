import { describe, expect, it } from 'vitest';
import { type Life, live } from '../objects/support/bench.js';
import { bearsDeath, writesOf } from '../objects/support/killed.js';
import {
  cluster,
  definition,
  lifeOf,
  namespace,
  planFor,
  settings,
  shopSet,
  web,
  widget,
} from './support/platform.js';

const first = shopSet(namespace, settings('a'), settings('x', 'old'), web('web:1'));
const second = shopSet(definition, namespace, settings('b'), settings('new', 'new'), widget, web('web:2'));

/** A cluster with an earlier set, and the run that changes, adds and removes. */
const begin = async (): Promise<Life> => {
  const server = cluster();
  expect((await live(await lifeOf(server, [first]))).event.outcome).toBe('done');
  server.calls.length = 0;
  return lifeOf(server, [second]);
};

describe('an object set whose application is killed', () => {
  bearsDeath({ begin, lines: 10, writes: 5, pairs: 30 });

  it('changes nothing by being planned, and nothing more when it is applied again', async () => {
    const life = await begin();
    expect(writesOf(life)).toBe(0);
    await live(life);
    const writes = writesOf(life);
    expect((await planFor(life.server, [{ set: second }])).stages[0]?.actions).toEqual([]);
    const again = { ...life, journal: [], run: 'again' };
    expect((await live(again)).event.outcome).toBe('done');
    expect(again.journal).toContainEqual(expect.objectContaining({ type: 'action-done', result: 'held' }));
    expect(writesOf(life)).toBe(writes);
  });

  it('fails to be proven when somebody changes what it applied', async () => {
    const life = await begin();
    const { server } = life;
    const sabotaged = { ...settings('sabotage', 'new') };
    // Somebody who is quicker than the proof.
    server.failing = ({ verb, dryRun, object }) => {
      if (verb === 'apply' && !dryRun && object?.kind === 'Deployment') server.put(sabotaged);
      return undefined;
    };
    expect((await live(life)).event.outcome).toBe('stopped');
    expect(life.journal).toContainEqual(
      expect.objectContaining({ type: 'action-failed', code: 'set-differs' }),
    );
  });
});
