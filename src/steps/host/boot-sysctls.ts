/** A kernel setting that a file makes at boot. */
export type BootSetting = { readonly file: string; readonly key: string; readonly value: string };

/** What a key shall have: exactly a value, or a number that is at least it. */
export type Wanted = { readonly value: string; readonly least: boolean };

export const plainValue = (value: string): string => value.trim().replaceAll(/\s+/g, ' ');

export const fits = (now: string | null | undefined, { value, least }: Wanted): boolean => {
  if (now === null || now === undefined) return false;
  return least ? Number(now) >= Number(value) : plainValue(now) === plainValue(value);
};

/** `net.ipv4.conf.*.rp_filter` stands for the key of every interface. */
const names = (pattern: string, key: string): boolean => {
  if (!pattern.includes('*')) return pattern === key;
  const expression = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^.]*');
  return new RegExp(`^${expression}$`).test(key);
};

/**
 * Settings behind Drover's own file that win over it at boot. Before the file exists, its name decides which ones
 * will: files are read in the order of their names, /etc/sysctl.conf last.
 */
export const overriding = (
  settings: readonly BootSetting[],
  own: string,
  wanted: Readonly<Record<string, Wanted>>,
): BootSetting[] => {
  const nameOf = (file: string): string => file.split('/').at(-1) ?? file;
  const later = settings.filter(
    ({ file }) => file === '/etc/sysctl.conf' || (file !== own && nameOf(file) > nameOf(own)),
  );
  return later.filter(({ key: pattern, value }) =>
    Object.entries(wanted).some(([key, want]) => names(pattern, key) && !fits(value, want)),
  );
};
