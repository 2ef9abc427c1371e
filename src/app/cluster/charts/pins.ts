/** Where a chart comes from, and what its archive must be to the byte. */
export interface ChartPin {
  readonly chart: string;
  readonly version: string;
  /** `https://…` of a repository with an index, or `oci://…` of a folder of charts. */
  readonly repository: string;
  /** SHA-256 of the archive, hex. */
  readonly digest: string;
}

/** Charts whose digests Drover knows. Others need one in the spec. */
export const CHART_PINS: readonly ChartPin[] = [
  {
    chart: 'traefik',
    version: '39.0.701+up39.0.7',
    repository: 'https://k3s.io/k3s-charts',
    digest: '1978f4c9af3551076728735250955f452eae47247e530f366bde4c92f98059c6',
  },
];

const plain = (repository: string): string => repository.replace(/\/+$/, '');

/** The digest that this version of this chart must have; undefined = nobody has written it down. */
export const pinnedDigest = (
  wanted: Omit<ChartPin, 'digest'>,
  pins: readonly ChartPin[] = CHART_PINS,
): string | undefined =>
  pins.find(
    ({ chart, version, repository }) =>
      chart === wanted.chart && version === wanted.version && plain(repository) === plain(wanted.repository),
  )?.digest;
