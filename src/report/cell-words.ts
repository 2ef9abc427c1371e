/** Meaning of the probe cells of the facts file, for legends and tooltips. */
export const CELL_WORDS: Readonly<
  Record<string, { readonly text: string; readonly tone: 'good' | 'warning' | 'error' | 'none' }>
> = {
  '+': { text: 'arrived', tone: 'good' },
  '-': { text: 'sent, never seen at the receiver', tone: 'error' },
  n: { text: 'reached the receiver, dropped by it', tone: 'error' },
  s: { text: 'never left the sender', tone: 'error' },
  r: { text: 'refused', tone: 'error' },
  c: { text: 'arrived damaged', tone: 'error' },
  w: { text: 'passes once the peer has spoken; cold passage unproven', tone: 'warning' },
  '?': { text: 'not measured', tone: 'none' },
  '.': { text: 'the host itself', tone: 'none' },
};
