/** Is a kernel release (`6.1.0-30-amd64`) at least `major.minor`? Undefined when it cannot be read. */
export const kernelAtLeast = (release: string, minimum: string): boolean | undefined => {
  const read = (text: string): [number, number] | undefined => {
    const match = /^(\d+)\.(\d+)/.exec(text);
    return match === null ? undefined : [Number(match[1]), Number(match[2])];
  };
  const [have, need] = [read(release), read(minimum)];
  if (have === undefined || need === undefined) return undefined;
  return have[0] === need[0] ? have[1] >= need[1] : have[0] > need[0];
};
