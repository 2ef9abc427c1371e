import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { type ApiServer, apiServer } from '../support/api/server.js';
import { definition, namespace, object, secret } from '../support/objects.js';
import { ask, roomyNode, told } from './asking.js';

const deployment = (replicas: number): KubeObject =>
  object('apps/v1', 'Deployment', 'web', { spec: { replicas, template: { spec: { containers: [] } } } });
const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const gadget = (spec: object): KubeObject => object('example.com/v1', 'Gadget', 'one', { spec });

let server: ApiServer;
beforeEach(() => {
  server = apiServer('b');
  server.put(roomyNode);
});

describe('an object', () => {
  it('that is not there is sent as a strict dry run, and nothing is written', async () => {
    server.put(shop);
    const version = server.store.version();
    const { verdicts, findings } = await told(server, [deployment(2), secret('token', { a: 'b' })]);
    expect(verdicts).toEqual({ 'shop/Deployment.apps/web': 'create', 'shop/Secret/token': 'create' });
    expect(findings).toEqual([]);
    expect(server.store.version()).toBe(version);
    const writes = server.calls.filter(({ verb }) => ['create', 'apply', 'patch', 'delete'].includes(verb));
    expect(writes.length).toBe(2);
    expect(writes.every(({ dryRun }) => dryRun)).toBe(true);
  });

  it('whose namespace comes along is asked of another one, and judged later when that refuses it', async () => {
    server.unknownFields = ({ kind }) => (kind === 'Deployment' ? ['spec.newest'] : []);
    const { verdicts, findings } = await told(server, [
      namespace('shop'),
      deployment(2),
      secret('token', {}),
    ]);
    expect(verdicts).toEqual({
      'Namespace/shop': 'create',
      'shop/Deployment.apps/web': 'later',
      'shop/Secret/token': 'create',
    });
    expect(findings).toEqual([
      'error | target-unknown-field | shop/Deployment.apps/web | the target refuses it: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.newest"',
    ]);
  });

  it('whose namespace nobody makes cannot be written', async () => {
    const { verdicts, findings } = await told(server, [deployment(1)]);
    expect(verdicts).toEqual({ 'shop/Deployment.apps/web': 'refused' });
    expect(findings).toEqual([
      'error | target-namespace-missing | shop/Deployment.apps/web | the target has no namespace shop, and it is not carried',
    ]);
  });

  it('whose kind comes along is checked against its definition, and judged later', async () => {
    server.put(shop);
    const schema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          required: ['size'],
          properties: { size: { type: 'integer' }, mode: { type: 'string', enum: ['fast', 'safe'] } },
        },
      },
    };
    const fits = await told(server, [definition('Gadget', schema), gadget({ size: 1, mode: 'fast' })]);
    expect(fits.findings).toEqual([]);
    expect(fits.verdicts['shop/Gadget.example.com/one']).toBe('later');
    const { findings } = await told(server, [
      definition('Gadget', schema),
      gadget({ mode: 'slow', colour: 'red' }),
    ]);
    expect(findings).toEqual([
      'error | target-refused | shop/Gadget.example.com/one | the target refuses it: it does not fit its definition; spec.size: is required; spec.mode: must be one of fast, safe; spec.colour: is no field that the definition knows',
    ]);
  });

  it('that the API refuses is a finding with its words', async () => {
    server.put(shop);
    server.invalid = ({ kind }) =>
      kind === 'Deployment'
        ? [{ field: 'spec.replicas', message: 'must be greater than or equal to 0' }]
        : [];
    const { verdicts, findings } = await told(server, [deployment(-1)]);
    expect(verdicts).toEqual({ 'shop/Deployment.apps/web': 'later' });
    expect(findings[0]).toContain('target-refused');
    expect(findings[0]).toContain('must be greater than or equal to 0');
  });

  it('that the API refuses for a reason that is known gets the code of that reason', async () => {
    server.put(shop);
    const answers = [
      [
        'server',
        500,
        'failed calling webhook "v.example.com": no endpoints available',
        'target-webhook-dead',
      ],
      ['forbidden', 403, 'exceeded quota: q, requested: count/secrets=1', 'target-quota'],
      ['forbidden', 403, 'User "x" cannot create resource "secrets"', 'target-forbidden'],
      ['invalid', 422, 'spec.ports[0].nodePort: provided port is already allocated', 'target-node-port'],
      ['forbidden', 403, 'admission webhook "policy" denied the request: no', 'target-refused'],
    ] as const;
    for (const [kind, status, message, code] of answers) {
      server.failing = ({ verb }) => (verb === 'create' ? { kind, status, message, causes: [] } : undefined);
      const { findings } = await told(server, [secret('a', {})]);
      expect(findings).toEqual([`error | ${code} | shop/Secret/a | the target refuses it: ${message}`]);
    }
  });

  it('in a namespace that is not there yet is not judged by rules of another one', async () => {
    for (const message of ['exceeded quota: q', 'admission webhook "policy" denied the request: no']) {
      server.failing = ({ verb, ref }) =>
        verb === 'create' && ref.namespace === 'default'
          ? { kind: 'forbidden', status: 403, message, causes: [] }
          : undefined;
      const { verdicts, findings } = await told(server, [namespace('shop'), secret('a', {})]);
      expect(findings).toEqual([]);
      expect(verdicts['shop/Secret/a']).toBe('later');
    }
  });

  it('that a webhook keeps from dry runs is judged later', async () => {
    server.put(shop);
    server.failing = ({ verb }) =>
      verb === 'create'
        ? {
            kind: 'invalid',
            status: 400,
            message: 'admission webhook "x" does not support dry run',
            causes: [],
          }
        : undefined;
    expect(await told(server, [deployment(1)])).toEqual({
      verdicts: { 'shop/Deployment.apps/web': 'later' },
      findings: [],
    });
  });
});

describe('an object that is there already', () => {
  beforeEach(() => {
    server.put(shop);
  });

  it('is kept when it is equal, whatever the spec says', async () => {
    server.put(deployment(2));
    for (const existing of ['fail', 'skip', 'update'] as const)
      expect(await told(server, [deployment(2)], { existing })).toEqual({
        verdicts: { 'shop/Deployment.apps/web': 'keep' },
        findings: [],
      });
  });

  it('is kept by skip, refused by fail', async () => {
    server.put(deployment(3));
    expect((await told(server, [deployment(2)], { existing: 'skip' })).findings).toEqual([]);
    expect(await told(server, [deployment(2)])).toEqual({
      verdicts: { 'shop/Deployment.apps/web': 'keep' },
      findings: [
        'error | target-exists | shop/Deployment.apps/web | it is there already and differs in spec.replicas',
      ],
    });
  });

  it('is changed by update, field by field, when the fields were Drover’s or a controller’s', async () => {
    server.put(deployment(3), 'drover-20261121-abcd');
    const asked = await ask(server, [deployment(2)], { existing: 'update' });
    expect(asked).toMatchObject({
      ok: true,
      value: { objects: [{ verdict: 'update', changed: ['spec.replicas'] }], findings: [] },
    });
  });

  it('is somebody else’s when they own what would change', async () => {
    server.put(deployment(3), 'argocd');
    const { verdicts, findings } = await told(server, [deployment(2)], { existing: 'update' });
    expect(verdicts).toEqual({ 'shop/Deployment.apps/web': 'update' });
    expect(findings).toEqual([
      'error | target-name-taken | shop/Deployment.apps/web | it is there already and belongs to argocd; spec.replicas would be changed',
    ]);
  });

  it('is changed even so when the cluster itself made it', async () => {
    const account = object('v1', 'ServiceAccount', 'default', { imagePullSecrets: [{ name: 'pull' }] });
    const { verdicts, findings } = await told(server, [account, secret('pull', {})]);
    expect(verdicts['shop/ServiceAccount/default']).toBe('update');
    expect(findings).toEqual([]);
  });

  it('shows names of fields of a Secret, never a value', async () => {
    server.put(secret('token', { key: 'before' }));
    const asked = await ask(server, [secret('token', { key: 'hidden' })]);
    const text = JSON.stringify(asked.ok && [asked.value.objects, asked.value.findings]);
    expect(text).toContain('data.key');
    for (const value of ['hidden', 'before'])
      for (const shape of [value, Buffer.from(value).toString('base64')]) expect(text).not.toContain(shape);
  });
});

describe('asking', () => {
  it('is parallel within its bound', async () => {
    server.put(shop);
    await ask(
      server,
      Array.from({ length: 100 }, (_, index) => secret(`s-${index}`, {})),
    );
    // The lists are read all at once; dry runs are bounded.
    expect(server.most()).toBeLessThanOrEqual(16);
    expect(server.most()).toBeGreaterThan(4);
  });

  it('ends with one error when the API is gone, and says which kind may not be listed', async () => {
    server.put(shop);
    server.failing = ({ verb }) =>
      verb === 'create' ? { kind: 'unreachable', message: 'connect ECONNREFUSED', causes: [] } : undefined;
    expect(await ask(server, [deployment(1), secret('a', {})])).toMatchObject({
      ok: false,
      error: { code: 'kube-unreachable', cause: 'connect ECONNREFUSED', state: 'nothing was changed' },
    });
    server.failing = ({ verb, ref }) =>
      verb === 'list' && ref.resource?.plural === 'secrets'
        ? { kind: 'forbidden', status: 403, message: 'cannot list secrets', causes: [] }
        : undefined;
    expect(await ask(server, [secret('a', {})])).toMatchObject({
      ok: false,
      error: { code: 'target-forbidden' },
    });
  });

  it('says what was not checked when kinds may not be read', async () => {
    server.put(shop);
    server.failing = ({ verb, ref }) =>
      verb === 'list' && ['pods', 'nodes'].includes(ref.resource?.plural ?? '')
        ? { kind: 'forbidden', status: 403, message: 'no', causes: [] }
        : undefined;
    const { findings } = await told(server, [secret('a', {})]);
    expect(findings).toEqual([
      'warning | target-not-checked | the account may not list Node and Pod on the target: nothing was checked that depends on them',
    ]);
  });
});
