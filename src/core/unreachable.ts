/** Ends a switch over a closed union: a new member becomes a compile error at every place that forgets it. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
