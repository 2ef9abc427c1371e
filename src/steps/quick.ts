/** What steps declare whose change takes a moment, ends in the same state however often it is made, and is undone by its opposite. */
export const quick = {
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
} as const;
