/** One instruction of classic BPF: code, jump if true, jump if false, operand. */
type Instruction = readonly [code: number, jt: number, jf: number, k: number];

const LOAD_WORD_ABS = 0x20;
const LOAD_BYTE_ABS = 0x30;
const LOAD_WORD_AT_X = 0x40;
const LOAD_BYTE_AT_X = 0x50;
const LOAD_X_HEADER_LENGTH = 0xb1;
const JUMP_EQUAL = 0x15;
const RETURN = 0x06;
/** Ancillary load: the EtherType of the packet (linux/filter.h, SKF_AD_OFF + SKF_AD_PROTOCOL). */
const ETHER_TYPE = 0xfffff000;
/** Bytes of a packet that the agent gets to see; every header that it reads lies before this. */
const SNAP = 192;

const ACCEPT: Instruction = [RETURN, 0, 0, SNAP];
const REFUSE: Instruction = [RETURN, 0, 0, 0];

/** Accepts when the word at `offset` behind the IP header equals `value`. */
const word = (offset: number, value: number): Instruction[] => [
  [LOAD_WORD_AT_X, 0, 0, offset],
  [JUMP_EQUAL, 0, 1, value],
  ACCEPT,
];

/** Runs `checks` for one IP protocol and refuses what none accepts. */
const protocol = (number: number, ...checks: Instruction[][]): Instruction[] => {
  const body = [...checks.flat(), REFUSE];
  return [[JUMP_EQUAL, 0, body.length, number], ...body];
};

/**
 * The packet filter of all taps and raw sockets: the kernel hands the agent nothing but packets that carry the
 * run's magic number, so that a busy host does not notice the probes. Works on packets that begin with their
 * IP header. Offsets: where each kind of probe carries the magic (see the agents' `find_key`).
 */
export const packetFilter = (magic: number): readonly Instruction[] => {
  const answered = (magic + 1) >>> 0;
  const unreachableErrors: Instruction[] = [[LOAD_BYTE_AT_X, 0, 0, 0], [JUMP_EQUAL, 0, 1, 3], ACCEPT];
  return [
    [LOAD_WORD_ABS, 0, 0, ETHER_TYPE],
    [JUMP_EQUAL, 1, 0, 0x0800],
    REFUSE,
    [LOAD_X_HEADER_LENGTH, 0, 0, 0],
    [LOAD_BYTE_ABS, 0, 0, 9],
    ...protocol(17, word(8, magic), word(58, magic)),
    ...protocol(6, word(4, magic), word(8, answered)),
    ...protocol(1, unreachableErrors, word(8, magic)),
    ...protocol(4, word(28, magic)),
    ...protocol(47, word(4, magic)),
    ...protocol(50, word(8, magic)),
    REFUSE,
  ];
};
