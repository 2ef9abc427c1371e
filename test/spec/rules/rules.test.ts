/* eslint-disable @typescript-eslint/no-unsafe-member-access -- specs under test are wrong on purpose, so their drafts have no type */
import { describe, expect, it } from 'vitest';
import { specErrors } from '../../../src/spec/errors.js';
import { specRules } from '../../../src/spec/rules/index.js';
import { type Loose, load, problemsOf, specWith } from '../rig.js';
import { exception } from './cases/exception.js';
import { machinesAndNetwork } from './cases/machines-and-network.js';
import { platform } from './cases/platform.js';

const cases = { ...machinesAndNetwork, ...platform };

describe('a spec without problems', () => {
  it('has none', async () => {
    expect(problemsOf(await load(specWith()))).toEqual([]);
  });
});

describe.each(specRules.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  const found = cases[code];
  it('is found, and points at its cause', async () => {
    if (found === undefined) throw new Error(`${code} has no case`);
    const problems = problemsOf(await load(specWith(found[0])));
    expect([...new Set(problems.map((problem) => problem.code))]).toEqual([code]);
    const [problem] = problems;
    expect(problem?.severity).toBe(rule.severity);
    expect(problem?.location?.text?.slice(problem.location.column - 1)).toContain(found[1]);
  });

  it('is silent about what is right', async () => {
    const good = found?.[2];
    expect(problemsOf(await load(specWith(good)))).toEqual([]);
  });

  it('is explained', () => {
    expect(specErrors[code]?.explain.length).toBeGreaterThan(80);
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});

describe('exceptions', () => {
  it('accept what may be accepted, with their reason, until their day', async () => {
    const spec = (until: string) =>
      specWith((s: Loose) => {
        s.ingress.controller = 'nginx';
        s.policy = exception('ingress-nginx-archived', until);
      });
    const accepted = await load(spec('2026-11-21'));
    expect(accepted.ok && accepted.value.accepted).toMatchObject([
      { code: 'ingress-nginx-archived', reason: 'we know what we do' },
    ]);
    const ended = problemsOf(await load(spec('2026-11-20')));
    expect(ended.map(({ code }) => code)).toEqual(['ingress-nginx-archived', 'exception-ended']);
  });

  it('do not accept what cannot work', async () => {
    const outcome = await load(
      specWith((s: Loose) => {
        s.network.services = '10.42.0.0/16';
        s.policy = exception('ranges-overlap', '2030-01-01');
      }),
    );
    expect(problemsOf(outcome).map(({ code }) => code)).toEqual(['ranges-overlap', 'exception-refused']);
  });
});
