import { describe, expect, it } from 'vitest';
import { setStages } from '../../src/plan/set-stage.js';
import { emptySet, objectSet, setLabel } from '../../src/steps/sets/object-set.js';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } };
const wanted = (name: string, after: readonly string[] = []) => ({ set: objectSet(name, [settings]), after });
const live = (name: string) => ({ name, digest: '', objects: [], unready: [] });

describe('the stage of object sets', () => {
  it('is a later one with an envelope while there is no API to ask', () => {
    const [stage] = setStages([wanted('ingress/traefik')], { hosts: new Map() });
    expect(stage?.envelope).toEqual({
      steps: ['sets.apply'],
      hosts: [],
      highestRisk: 'medium',
      irreversible: false,
    });
  });

  it('removes what is wanted no more before anything comes, and keeps the order that sets ask for', () => {
    const sets = new Map([['chart/old/old', live('chart/old/old')]]);
    const asked = [
      wanted('application/shop/web', ['ingress/traefik', 'application/shop/none']),
      wanted('ingress/traefik'),
    ];
    const [stage] = setStages(asked, { hosts: new Map(), sets });
    expect(stage?.envelope).toBeUndefined();
    expect(stage?.goals.map(({ id, after }) => [id, after])).toEqual([
      ['sets.apply/chart/old/old', []],
      ['sets.apply/application/shop/web', ['sets.apply/chart/old/old', 'sets.apply/ingress/traefik']],
      ['sets.apply/ingress/traefik', ['sets.apply/chart/old/old']],
    ]);
  });

  it('leaves sets alone whose goals stand elsewhere, and is not there without any', () => {
    const network = { ...wanted('network/calico'), placed: true as const };
    expect(
      setStages([network], { hosts: new Map(), sets: new Map([['network/calico', live('network/calico')]]) }),
    ).toEqual([]);
    expect(setStages([], { hosts: new Map() })).toEqual([]);
  });
});

describe('an object set', () => {
  it('has labels that a label can hold, one for each name', () => {
    expect(setLabel('application/shop/web')).toBe('application.shop.web');
    const long = `application/${'n'.repeat(40)}/${'w'.repeat(40)}`;
    expect(setLabel(long)).toHaveLength(63);
    expect(setLabel(`${long}x`)).not.toBe(setLabel(long));
  });

  it('never holds a Secret with data', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      stringData: { password: 'hush' },
    };
    expect(() => objectSet('chart/a/b', [secret])).toThrow('with data');
    expect(objectSet('chart/a/b', [{ ...secret, stringData: {} }]).objects).toHaveLength(1);
    expect(emptySet('chart/a/b').objects).toEqual([]);
  });
});
