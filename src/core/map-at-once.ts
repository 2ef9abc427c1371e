/**
 * `Promise.all(items.map(work))` with so many at once; results in the order of the items. Nothing is made for an item
 * before its turn: tens of thousands of waiting promises would be most of the memory that a plan takes.
 */
export const mapAtOnce = async <T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results = new Array<R>(items.length);
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
};
