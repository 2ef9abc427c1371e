import { expect, it } from 'vitest';
import { planHash } from '../../src/plan/assemble.js';
import { limitPlan } from '../../src/plan/limit.js';
import { planMarkdown } from '../../src/report/plan-markdown.js';
import { planText } from '../../src/report/plan-text.js';
import { goalOf, madeUp, planOf, stepsOf } from '../run/made-up.js';

const plan = () => {
  const { set, many } = stepsOf(madeUp());
  return planOf([
    {
      name: 'build',
      goal: 'values',
      goals: [
        goalOf(set, 'server', { params: { key: 'a', value: 1 } }),
        goalOf(set, 'agent-1', { params: { key: 'b|c', value: 1 } }),
        { ...goalOf(set, 'agent-2', { params: { key: 'c', value: 1 } }), after: ['test.set/server'] },
        goalOf(many, 'cluster', { params: { keys: ['x'] } }),
      ],
    },
    {
      name: 'later',
      goal: 'more',
      goals: [],
      envelope: { steps: ['test.set'], hosts: ['agent-1'], highestRisk: 'low', irreversible: false },
    },
  ]);
};

it('leaves out other hosts, the whole cluster, later stages, and what waits for anything left out', () => {
  const { plan: limited, leftOut } = limitPlan(plan(), ['agent-1', 'agent-2']);
  expect(limited.stages.map(({ actions }) => actions.map(({ id }) => id))).toEqual([['test.set/agent-1']]);
  expect(leftOut).toEqual(['test.set/server', 'test.set/agent-2', 'test.many/cluster']);
});

it('is another plan, whole in itself', () => {
  const { hash, ...content } = limitPlan(plan(), ['agent-1']).plan;
  expect(content.limit).toEqual(['agent-1']);
  expect(hash).toBe(planHash(content));
  expect(hash).not.toBe(plan().hash);
});

it('says that it is partial wherever it is read', () => {
  const { plan: limited } = limitPlan(plan(), ['agent-1']);
  const said = 'Partial: only agent-1; what waits for others is left out.';
  const style = { color: false, unicode: true, columns: 100 };
  expect(planText(style, limited, { full: false }).split('\n')).toContain(said);
  expect(planMarkdown(limited, 'drover apply plan.json').split('\n')).toContain(`**${said}**`);
  expect(planText(style, plan(), { full: false })).not.toContain('Partial');
});

it('can be read as Markdown', () => {
  expect(planMarkdown(plan(), 'drover apply plan.json')).toMatchSnapshot();
});

it('fetches on this machine only what a host that is left needs', () => {
  const { set, secret } = stepsOf(madeUp());
  const fetch = goalOf(secret, 'here', { params: { handle: 'program' } });
  const install = (host: string) => ({
    ...goalOf(set, host, { params: { key: host, value: 1 } }),
    after: [fetch.id],
  });
  const all = planOf([{ name: 'build', goal: 'values', goals: [fetch, install('agent-1')] }]);
  expect(limitPlan(all, ['agent-1']).leftOut).toEqual([]);
  expect(limitPlan(all, ['agent-2']).leftOut).toEqual([fetch.id, install('agent-1').id]);
});
