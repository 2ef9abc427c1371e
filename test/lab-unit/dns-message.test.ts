import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, parseQuery, TYPE } from '../../src/lab/services/dns-message.js';

const zone = new Map([['agent-1', '10.0.0.21']]);

const query = (name: string, type: number): Buffer => {
  const header = Buffer.from([0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  const labels = name.split('.').filter(Boolean);
  const encoded = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([header, ...encoded, Buffer.from([0, 0, type, 0, 1])]);
};

const ask = (name: string, type: number) => {
  const question = parseQuery(query(name, type));
  if (question === undefined) throw new Error('not understood');
  const message = answer(question, zone);
  return { message, code: message.readUInt16BE(2) & 0xf, answers: message.readUInt16BE(6) };
};

describe('the DNS of the lab', () => {
  it('answers a host with its address, whatever the case of the question', () => {
    const { message, code, answers } = ask('AGENT-1', TYPE.A);
    expect({ code, answers, id: message.readUInt16BE(0) }).toEqual({ code: 0, answers: 1, id: 0x1234 });
    expect([...message.subarray(-4)]).toEqual([10, 0, 0, 21]);
  });

  it('answers the root as a resolver with a working uplink does', () => {
    expect(ask('', TYPE.NS)).toMatchObject({ code: 0, answers: 1 });
    expect(ask('', TYPE.SOA)).toMatchObject({ code: 0, answers: 1 });
  });

  it('knows a name without the wanted kind of address from a name that does not exist', () => {
    expect(ask('agent-1', 28)).toMatchObject({ code: 0, answers: 0 });
    expect(ask('elsewhere.example', TYPE.A)).toMatchObject({ code: 3, answers: 0 });
  });

  it('takes anything that arrives: answers it or ignores it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const question = parseQuery(Buffer.from(bytes));
        if (question === undefined) return;
        const reply = answer(question, zone);
        expect(reply.readUInt16BE(0)).toBe(question.id);
        expect(reply.readUInt16BE(2) & 0x8000).toBe(0x8000);
      }),
    );
  });

  it('reads back every name that can be asked', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(fc.array(label, { maxLength: 6 }), (labels) => {
        expect(parseQuery(query(labels.join('.'), TYPE.A))).toMatchObject({
          name: labels.join('.'),
          type: TYPE.A,
        });
      }),
    );
  });
});
