/** Where a value stands in a document: keys of mappings and indices of lists. */
export type Path = readonly (string | number)[];

/** `spec.hosts[2].address`; keys that hold a dot are quoted: `options["bpf.masquerade"]`. */
export const formatPath = (path: Path): string =>
  path
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`;
      if (!/^[\w-]+$/.test(segment)) return `[${JSON.stringify(segment)}]`;
      return index === 0 ? segment : `.${segment}`;
    })
    .join('');

const SEGMENT = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g;

/** Reads what {@link formatPath} writes; `hosts.2.address` and `hosts[2].address` mean the same. */
export const parsePath = (text: string): Path =>
  Array.from(text.matchAll(SEGMENT), ([, index, quoted, plain]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
    const number = index ?? (/^\d+$/.test(plain ?? '') ? plain : undefined);
    return number === undefined ? (plain ?? '') : Number(number);
  });

/** The value at a path; undefined when there is none. */
export const valueAt = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const segment of path) {
    if (value === null || typeof value !== 'object') return undefined;
    if (!Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[segment];
  }
  return value;
};
