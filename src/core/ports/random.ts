/** Randomness for ids, salts and keys. */
export interface Random {
  bytes(count: number): Uint8Array;
}
