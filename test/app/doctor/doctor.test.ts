import { describe, expect, it } from 'vitest';
import { type DoctorRequest, runDoctor } from '../../../src/app/doctor/doctor.js';
import { subjectOfAddresses } from '../../../src/app/doctor/subject.js';
import type { DoctorTools } from '../../../src/app/doctor/tools.js';
import { ok } from '../../../src/core/result.js';
import { factsFileSchema } from '../../../src/facts/model/facts-file.js';
import type { ServicePlace } from '../../../src/facts/services/places.js';
import { away, doctorRig, reached } from './rig.js';

const subject = (...addresses: readonly string[]) => {
  const made = subjectOfAddresses(addresses);
  if (!made.ok) throw new Error(made.error[0].message);
  return made.value;
};

const measuring = (more: Partial<Extract<DoctorRequest, { kind: 'measure' }>> = {}): DoctorRequest => ({
  kind: 'measure',
  ignore: [],
  only: [],
  subject: subject('root@10.0.0.1', 'root@10.0.0.2'),
  options: { passive: false, deep: false, timeoutMs: 1000 },
  save: undefined,
  ...more,
});

const recalling = (file: string, hosts: readonly string[] = []): DoctorRequest => ({
  kind: 'facts',
  file,
  hosts,
  cluster: undefined,
  ignore: [],
  only: [],
});

const PATH = '/state/facts/hosts-2026-01-02T030405Z.json';

describe('measuring', () => {
  it('saves facts that can be read again, and says where', async () => {
    const { tools, events, disk } = doctorRig(reached);
    const report = await runDoctor(measuring(), tools);
    expect(report.ok).toBe(true);
    expect([...disk.keys()]).toEqual([PATH]);
    expect(factsFileSchema.parse(JSON.parse(disk.get(PATH) ?? '')).hosts).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'doctor-summary', hosts: 2, factsFile: PATH });
  });

  it('probes the hosts that were reached, on the network that they share', async () => {
    const { tools, events, probed, disk } = doctorRig((host) =>
      host.target.name.endsWith('.3') ? away(host) : reached(host),
    );
    await runDoctor(measuring({ subject: subject('10.0.0.1', '10.0.0.2', '10.0.0.3') }), tools);
    expect(probed).toEqual([['10.0.0.1', '10.0.0.2']]);
    expect(factsFileSchema.parse(JSON.parse(disk.get(PATH) ?? '')).networks.map(({ cidr }) => cidr)).toEqual([
      '10.0.0.0/24',
    ]);
    expect(events.at(-1)).toMatchObject({ unreachable: ['10.0.0.3'] });
    expect(events.filter(({ type }) => type === 'finding')).toContainEqual(
      expect.objectContaining({
        finding: expect.objectContaining({ code: 'contact-unreachable' }) as unknown,
      }),
    );
  });

  it('sends nothing between hosts when it must be passive, and says so', async () => {
    const { tools, probed, disk } = doctorRig(reached);
    await runDoctor(measuring({ options: { passive: true, deep: false, timeoutMs: 1000 } }), tools);
    expect(probed).toEqual([]);
    expect(disk.get(PATH)).toContain('switched off by --passive');
  });

  it('has members ask the services outside, keeps what they heard, and finds what is wrong', async () => {
    const place: ServicePlace = {
      id: 'service-0',
      service: { name: 'redis', kind: 'redis', port: 6379, tls: false } as ServicePlace['service'],
      host: '10.0.0.9',
      label: 'redis',
      question: { ask: 'redis', port: 6379, timeoutMs: 1000 },
    };
    const pong = new Map([['service-0', { status: 0, text: Buffer.from('+PONG').toString('hex') }]]);
    const { tools, events, disk } = doctorRig(reached);
    const ask: DoctorTools['instruments']['ask'] = ({ target }) =>
      Promise.resolve(target.name.endsWith('.1') ? ok(pong) : ok(new Map()));
    const asking = { ...tools, instruments: { ...tools.instruments, ask } };
    const options = { passive: false, deep: false, timeoutMs: 1000, services: [place] };
    await runDoctor(measuring({ options }), asking);
    expect(events.filter(({ type }) => type === 'service')).toEqual([
      {
        type: 'service',
        service: {
          service: 'redis',
          place: '10.0.0.9:6379',
          heard: [
            { ok: true, text: 'Redis, asks for no password', hosts: ['10.0.0.1'] },
            { ok: false, text: 'no answer within 1000 ms', hosts: ['10.0.0.2'] },
          ],
        },
      },
    ]);
    expect(JSON.stringify(events)).toContain('redis at 10.0.0.9:6379 does not answer 10.0.0.2');
    expect(factsFileSchema.parse(JSON.parse(disk.get(PATH) ?? '')).services).toHaveLength(2);
    await runDoctor(measuring({ options: { ...options, passive: true } }), asking);
    expect(disk.get(PATH)).toContain('services outside: switched off by --passive');
  });

  it('keeps what it measured even when no host was reached, and fails', async () => {
    const { tools, disk } = doctorRig(away);
    const report = await runDoctor(measuring(), tools);
    expect(report).toMatchObject({
      ok: false,
      error: [
        { code: 'ssh-unreachable', message: 'The host does not answer: none of 2 hosts could be reached' },
      ],
    });
    expect(disk.has(PATH)).toBe(true);
  });

  it('says how to go on: by the advice of the one failure, or by the codes of several', async () => {
    const failing = (kinds: readonly string[]) => {
      const failures = [...kinds];
      return runDoctor(
        measuring(),
        doctorRig((host) => ({
          ...away(host),
          contact: { state: 'failed', failure: failures.shift() ?? '', detail: 'no' },
        })).tools,
      );
    };
    expect(await failing(['host-key-unknown', 'host-key-unknown'])).toMatchObject({
      error: [{ code: 'ssh-host-key-unknown', hint: 'drover trust 10.0.0.1 10.0.0.2' }],
    });
    expect(await failing(['auth', 'refused'])).toMatchObject({
      error: [{ code: 'doctor-no-contact', hint: 'drover explain ssh-auth; drover explain ssh-refused' }],
    });
  });

  it('tells the diagnosis even when the facts cannot be saved', async () => {
    const { tools, events } = doctorRig(reached, ['/locked.json']);
    const report = await runDoctor(measuring({ save: '/locked.json' }), tools);
    expect(report.ok).toBe(true);
    expect(events).toContainEqual(expect.objectContaining({ type: 'diagnostic', severity: 'warning' }));
  });

  it('refuses codes that do not exist before it contacts anybody', async () => {
    const { tools, events } = doctorRig(reached);
    const report = await runDoctor(measuring({ ignore: ['contact-unreachble'] }), tools);
    expect(report).toMatchObject({
      ok: false,
      error: [{ code: 'finding-code-unknown', hint: 'did you mean contact-unreachable?' }],
    });
    expect(events).toEqual([]);
  });

  it('records what was ignored', async () => {
    const { tools, events } = doctorRig((host) =>
      host.target.name.endsWith('.2') ? away(host) : reached(host),
    );
    const report = await runDoctor(measuring({ ignore: ['contact-unreachable'] }), tools);
    expect(report).toMatchObject({
      value: { ignored: [{ code: 'contact-unreachable', findings: 1 }], counts: { errors: 0 } },
    });
    expect(events.at(-1)).toMatchObject({ ignored: ['contact-unreachable (1)'] });
  });
});

describe('saved facts', () => {
  const saved = async () => {
    const rig = doctorRig((host) => (host.target.name.endsWith('.2') ? away(host) : reached(host)));
    const first = await runDoctor(measuring(), rig.tools);
    rig.events.length = 0;
    return { ...rig, first };
  };

  it('give the same report as when they were measured, without any host', async () => {
    const { tools, first, events } = await saved();
    expect(await runDoctor(recalling(PATH), tools)).toEqual(first);
    expect(events.some(({ type }) => type === 'phase-start')).toBe(false);
    expect(events.at(-1)).toMatchObject({ measuredAt: '2026-01-02T03:04:05.678Z' });
  });

  it('can be looked at for some hosts only', async () => {
    const { tools } = await saved();
    expect(await runDoctor(recalling(PATH, ['10.0.0.1']), tools)).toMatchObject({
      value: { hosts: ['10.0.0.1'], unreachable: [] },
    });
    expect(await runDoctor(recalling(PATH, ['10.0.0.9']), tools)).toMatchObject({
      ok: false,
      error: [{ code: 'doctor-host-unknown', hint: 'did you mean 10.0.0.1?' }],
    });
  });

  it.each([
    ['is missing', undefined, 'facts-unreadable', 'cannot read the facts file /f.json'],
    ['is no JSON', '{', 'facts-unreadable', 'cannot read the facts file /f.json'],
    [
      'is from a newer Drover',
      '{"formatVersion": 2}',
      'facts-newer',
      '/f.json was written by a newer Drover',
    ],
    ['is something else', '[]', 'facts-invalid', '/f.json: the file: '],
    ['has a wrong value', '{"formatVersion":1,"hosts":[{"name":3}]}', 'facts-invalid', '/f.json: '],
  ])('are refused clearly when the file %s', async (_, text, ...[code, message]) => {
    const { tools, disk } = doctorRig(reached);
    if (text !== undefined) disk.set('/f.json', text);
    const report = await runDoctor(recalling('/f.json'), tools);
    expect(report).toMatchObject({
      ok: false,
      error: expect.arrayContaining([expect.objectContaining({ code })]) as unknown,
    });
    if (!report.ok) expect(report.error[0].message).toContain(message);
  });

  it('name the path of what is wrong inside', async () => {
    const { tools, disk } = await saved();
    const facts = JSON.parse(disk.get(PATH) ?? '') as { hosts: { contact: unknown }[] };
    facts.hosts[1]!.contact = { state: 'lost' };
    disk.set('/f.json', JSON.stringify(facts));
    const report = await runDoctor(recalling('/f.json'), tools);
    if (report.ok) throw new Error('accepted');
    expect(report.error[0].message).toContain('/f.json: hosts[1].contact');
  });
});
