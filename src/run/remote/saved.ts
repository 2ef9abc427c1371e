/** What a journal keeps of the things that an action saved on one host before it changed them. */
export type Saved = {
  /** Lines of the list of saved things. */
  readonly things: number;
  /** SHA-256 of these lines; they hold the digests of saved contents. */
  readonly digest: string;
};

const TOLD = /\ndrover-saved (\d+) ([0-9a-f]{64})\n$/;

/** Takes what a wrapper tells about saved things (tell-saved.sh) off the end of an output. */
export const splitSaved = (
  stdout: string,
): { readonly stdout: string; readonly saved: Saved | undefined } => {
  const told = TOLD.exec(stdout);
  if (told === null) return { stdout, saved: undefined };
  const [, things, digest = ''] = told;
  return { stdout: stdout.slice(0, told.index), saved: { things: Number(things), digest } };
};
