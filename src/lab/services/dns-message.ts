/** Names and addresses that the lab's DNS knows, in lower case. */
export type Zone = ReadonlyMap<string, string>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  /** The question as it came, to be repeated in the answer. */
  readonly raw: Buffer;
  readonly recursionDesired: boolean;
}

const HEADER = 12;
export const TYPE = { A: 1, NS: 2, SOA: 6 } as const;
const CLASS_IN = 1;
const TTL_SECONDS = 60;
const NAME_ERROR = 3;

/** Reads the only question of a query; undefined when the message is anything else (RFC 1035 §4.1). */
export const parseQuery = (message: Buffer): Question | undefined => {
  if (message.length < HEADER + 5) return undefined;
  const flags = message.readUInt16BE(2);
  if ((flags & 0xf800) !== 0 || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (let length = message[at]; length !== 0; length = message[at]) {
    // Compression has no place in a question; 63 is the longest label.
    if (length === undefined || length > 63 || at + length + 5 > message.length) return undefined;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  if (at + 5 > message.length) return undefined;
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.').toLowerCase(),
    type: message.readUInt16BE(at + 1),
    raw: message.subarray(HEADER, at + 5),
    recursionDesired: (flags & 0x0100) !== 0,
  };
};

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

const record = (owner: Buffer, type: number, data: Buffer): Buffer => {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(CLASS_IN, 2);
  fixed.writeUInt32BE(TTL_SECONDS, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
};

/** Points to the name of the question. */
const SAME_NAME = Buffer.from([0xc0, HEADER]);
const SERVER = encodeName('ns.drover.internal');

/** Serial, refresh, retry, expire and the time for which a missing name may be remembered. */
const soaTimes = (): Buffer => {
  const times = Buffer.alloc(20);
  [1, 3600, 600, 86_400, TTL_SECONDS].forEach((value, index) => times.writeUInt32BE(value, index * 4));
  return times;
};
const SOA = record(Buffer.from([0]), TYPE.SOA, Buffer.concat([SERVER, SERVER, soaTimes()]));

const answers = (question: Question, zone: Zone): readonly Buffer[] | undefined => {
  if (question.name === '') {
    if (question.type === TYPE.NS) return [record(SAME_NAME, TYPE.NS, SERVER)];
    return question.type === TYPE.SOA ? [SOA] : [];
  }
  const address = zone.get(question.name);
  if (address === undefined) return undefined;
  if (question.type !== TYPE.A) return [];
  return [record(SAME_NAME, TYPE.A, Buffer.from(address.split('.').map(Number)))];
};

/**
 * Answers a question as a resolver that knows the whole world, and whose world is the zone: other names do not
 * exist, which the SOA of the root says with authority.
 */
export const answer = (question: Question, zone: Zone): Buffer => {
  const found = answers(question, zone);
  const negative = found === undefined || found.length === 0;
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(question.id, 0);
  const recursion = question.recursionDesired ? 0x0100 : 0;
  header.writeUInt16BE(0x8480 | recursion | (found === undefined ? NAME_ERROR : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found?.length ?? 0, 6);
  header.writeUInt16BE(negative ? 1 : 0, 8);
  return Buffer.concat([header, question.raw, ...(found ?? []), ...(negative ? [SOA] : [])]);
};
