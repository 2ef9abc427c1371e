/** The parts of an image’s whole name that its registry is asked with. */
export interface ImageName {
  /** Where the registry answers: `https://ghcr.io`. */
  readonly base: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** Docker’s own registry answers under another name than its images carry. */
const ANSWERS_AT: ReadonlyMap<string, string> = new Map([['docker.io', 'registry-1.docker.io']]);

/** As container runtimes have it: plain HTTP on this machine alone. */
const isLocal = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);

/** `docker.io/library/nginx:1` in parts; no tag is `latest`, a digest counts more than a tag. */
export const imageName = (image: string): ImageName => {
  const slash = image.indexOf('/');
  const host = image.slice(0, slash);
  const [name = '', digest] = image.slice(slash + 1).split('@');
  const colon = name.lastIndexOf(':');
  const repository = colon < 0 ? name : name.slice(0, colon);
  const reference = digest ?? (colon < 0 ? 'latest' : name.slice(colon + 1));
  const base = `${isLocal(host) ? 'http' : 'https'}://${ANSWERS_AT.get(host) ?? host}`;
  return { base, repository, reference };
};
