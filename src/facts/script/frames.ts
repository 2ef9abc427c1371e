/** One section as it came from the host. Times are the host's monotonic clock in seconds. */
export interface Frame {
  readonly id: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  readonly begin: number;
  readonly end: number;
}

const splitStderr = (stderr: string, mark: string): ReadonlyMap<string, string> => {
  const parts = new Map<string, string>();
  // Slow sections run beside the others: a line belongs to the section announced last, which is near enough.
  for (const part of stderr.split(`${mark} begin `).slice(1)) {
    const lineEnd = part.indexOf('\n');
    parts.set(part.slice(0, lineEnd).split(' ')[0] ?? '', part.slice(lineEnd + 1));
  }
  return parts;
};

/** Cuts the answer of the host script into its sections; a section without end was cut off and is left out. */
export const parseFrames = (stdout: string, stderr: string, mark: string): readonly Frame[] => {
  const errors = splitStderr(stderr, mark);
  const frames: Frame[] = [];
  for (const part of stdout.split(`${mark} begin `).slice(1)) {
    const lineEnd = part.indexOf('\n');
    const [id = '', begin] = part.slice(0, lineEnd).split(' ');
    const endAt = part.indexOf(`${mark} end ${id} `);
    if (endAt < 0) continue;
    const [, , , end, status] = part.slice(endAt, part.indexOf('\n', endAt)).split(' ');
    frames.push({
      id,
      // The frame begins on a line of its own: its newline is not the section's.
      stdout: part.slice(lineEnd + 1, endAt - 1),
      stderr: errors.get(id) ?? '',
      status: Number(status),
      begin: Number(begin),
      end: Number(end),
    });
  }
  return frames;
};
