import { driverOf, drivers } from '../../facts/cni/drivers.js';
import { cniOf, splitPath } from '../../facts/cni/in-use.js';
import { type Keeps, type Kept, type Maker, podLinksOn, residueOf } from '../../facts/cni/residue-of.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { Trace } from '../../facts/model/kubernetes.js';

/** One thing that goes, as the scripts read it. A type alias is JSON, an interface is not. */
export type Thing = {
  readonly cni: Maker;
  readonly kind:
    | 'chain'
    | 'fwrule'
    | 'nft'
    | 'tc'
    | 'ipset'
    | 'iprule'
    | 'route'
    | 'link'
    | 'bpf'
    | 'file'
    | 'unbak';
  /** Packet filter and table of chains and their rules: `nft filter`. */
  readonly table: string | null;
  readonly name: string;
};

/** What of a network lies on a host, and what keeps it from going. */
export type Remains = {
  readonly things: readonly Thing[];
  /** Devices of pods that still hang on devices which would go. */
  readonly pods: readonly string[];
};

const KIND: Readonly<Partial<Record<Trace['kind'], Thing['kind']>>> = {
  chain: 'chain',
  'nft-table': 'nft',
  tc: 'tc',
  ipset: 'ipset',
  route: 'route',
  link: 'link',
  bpf: 'bpf',
  file: 'file',
};

const BACKUP = '.cilium_bak';

/**
 * Cilium renames other networks' files. That of a network which is kept gets its name back, in a folder that the runtime
 * reads, unless it has been written anew.
 */
const isKeptBackup = (host: HostFacts, kept: readonly Kept[], path: string): boolean => {
  if (!path.endsWith(BACKUP)) return false;
  const cni = cniOf(host);
  const original = path.slice(0, -BACKUP.length);
  const { dir, name } = splitPath(original);
  const owner = drivers.find(({ signs }) => signs.config.test(name))?.cni;
  const wanted = kept.some(({ driver }) => driverOf(driver).cni === owner);
  const isRead = cni?.readFrom.some(({ confDir }) => confDir.replace(/\/$/, '') === dir) === true;
  return wanted && isRead && !cni.files.some((file) => file.path === original);
};

const kindOf = (host: HostFacts, kept: readonly Kept[], trace: Trace): Thing['kind'] | undefined => {
  if (trace.kind === 'rule') return trace.name.startsWith('-A ') ? 'fwrule' : 'iprule';
  if (trace.kind === 'file' && isKeptBackup(host, kept, trace.name)) return 'unbak';
  return KIND[trace.kind];
};

/** What on a host nothing that is kept uses, in the order of removal; undefined when not enough was seen. */
export const remainsOn = (host: HostFacts | undefined, keeps: Keeps): Remains | undefined => {
  const { traces, links, cni, kubernetes } = host?.sections ?? {};
  if (host === undefined || [traces, links, cni, kubernetes].some((section) => section?.value === undefined))
    return undefined;
  const residue = residueOf(host, keeps);
  const things = residue.flatMap(({ cni: of, trace }): Thing[] => {
    const kind = kindOf(host, keeps.kept, trace);
    if (kind === undefined) return [];
    return [{ cni: of, kind, table: trace.detail ?? null, name: trace.name }];
  });
  return { things, pods: [...podLinksOn(host, residue)] };
};

/** Lines for the scripts, see residue.sh. */
export const thingLines = (things: readonly Omit<Thing, 'cni'>[]): string =>
  [
    ...new Set(
      things.map(({ kind, table, name }) => {
        const [one = '-', two = '-'] = table?.split(' ') ?? [];
        return [kind, one, two, name].join('\t');
      }),
    ),
  ].join('\n');
