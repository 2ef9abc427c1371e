import { count } from '../../core/text.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { candidateNetworks } from '../../facts/networks.js';
import type { PairProbeResult } from '../../facts/probes/input.js';
import type { CandidateNetwork } from '../../facts/probes/layout.js';
import { type AskedServices, askServices } from './ask-services.js';
import { speakingOf } from './speaking.js';
import type { Subject } from './subject.js';
import type { DoctorTools, MeasureOptions } from './tools.js';

const isReached = ({ contact }: HostFacts): boolean => contact.state === 'reached';

const collect = async (
  subject: Subject,
  options: MeasureOptions,
  tools: DoctorTools,
): Promise<readonly HostFacts[]> => {
  const { emit, clock, instruments } = tools;
  const begin = clock.monotonic();
  emit({ type: 'phase-start', phase: 'facts', title: 'reading facts', total: subject.hosts.length });
  const hosts = await instruments.collect(subject.hosts, options);
  const reached = hosts.filter(isReached).length;
  emit({
    type: 'phase-done',
    phase: 'facts',
    title: `facts of ${count(reached, 'host')}`,
    durationMs: clock.monotonic() - begin,
  });
  return hosts;
};

const networksOf = (subject: Subject, hosts: readonly HostFacts[]): readonly CandidateNetwork[] => {
  const network = subject.cluster?.spec.network;
  return candidateNetworks(
    hosts.filter(isReached),
    network === undefined ? undefined : { nodes: network.nodes, interface: network.interface },
  );
};

const NOT_PROBED = (why: string): PairProbeResult => ({
  probes: [],
  notMeasured: [`paths between hosts: ${why}`],
});

const probe = async (
  subject: Subject,
  hosts: readonly HostFacts[],
  {
    networks,
    options,
    tools,
  }: {
    readonly networks: readonly CandidateNetwork[];
    readonly options: MeasureOptions;
    readonly tools: DoctorTools;
  },
): Promise<PairProbeResult> => {
  const { emit, clock, instruments } = tools;
  const names = new Set(hosts.filter(isReached).map(({ name }) => name));
  const reached = { ...subject, hosts: subject.hosts.filter(({ target }) => names.has(target.name)) };
  if (options.passive) return NOT_PROBED('switched off by --passive');
  if (reached.hosts.length < 2) return NOT_PROBED('two hosts are needed, and one or none was reached');
  if (networks.length === 0) return NOT_PROBED('the hosts share no network');
  const begin = clock.monotonic();
  emit({
    type: 'phase-start',
    phase: 'probes',
    title: 'probing every pair of hosts',
    total: reached.hosts.length,
  });
  const result = await instruments.probe(reached, networks, { ...options, speaking: speakingOf(hosts) });
  const pairs = reached.hosts.length * (reached.hosts.length - 1);
  const title = `${count(result.probes.length, 'probe')} of ${count(pairs, 'pair')} on ${count(networks.length, 'network')}`;
  emit({ type: 'phase-done', phase: 'probes', title, durationMs: clock.monotonic() - begin });
  return result;
};

const NOT_ASKED: AskedServices = { services: [], notMeasured: [] };

/** Members of the cluster that were reached ask the services outside; hosts of which nothing is asked tell nothing. */
const ask = async (
  { hosts: all }: Subject,
  hosts: readonly HostFacts[],
  { passive, services = [] }: MeasureOptions,
  tools: DoctorTools,
): Promise<AskedServices> => {
  if (services.length === 0) return NOT_ASKED;
  if (passive) return { ...NOT_ASKED, notMeasured: ['services outside: switched off by --passive'] };
  const reached = new Set(hosts.filter(isReached).map(({ name }) => name));
  const members = all.filter(({ target, role }) => role !== 'external' && reached.has(target.name));
  return askServices(members, services, tools);
};

/** The services are asked while pairs are probed; what is still open then is told and awaited. */
const awaited = async (
  asking: Promise<AskedServices>,
  { services = [] }: MeasureOptions,
  { emit, clock }: DoctorTools,
): Promise<AskedServices> => {
  if (services.length === 0) return asking;
  const begin = clock.monotonic();
  const title = `${count(services.length, 'service')} outside the cluster`;
  emit({ type: 'phase-start', phase: 'probes', title: `asking ${title}` });
  const asked = await asking;
  emit({ type: 'phase-done', phase: 'probes', title, durationMs: clock.monotonic() - begin });
  return asked;
};

/** Observes everything about the hosts and the paths between them. Changes nothing; probes clean up after themselves. */
export const measure = async (
  subject: Subject,
  {
    onHosts,
    ...options
  }: MeasureOptions & {
    /** Told once facts of the hosts are there, before the paths between them are probed. */
    readonly onHosts?: (hosts: readonly HostFacts[]) => void;
  },
  tools: DoctorTools,
): Promise<FactsFile> => {
  const at = new Date(tools.clock.now()).toISOString();
  const hosts = await collect(subject, options, tools);
  onHosts?.(hosts);
  const networks = networksOf(subject, hosts);
  const asking = ask(subject, hosts, options, tools);
  const { probes, notMeasured } = tools.signal.aborted
    ? NOT_PROBED('interrupted')
    : await probe(subject, hosts, { networks, options, tools });
  const asked = await awaited(asking, options, tools);
  return {
    apiVersion: 'drover/v1',
    kind: 'Facts',
    formatVersion: 1,
    tool: tools.tool,
    realm: tools.realm,
    at,
    ...(subject.cluster === undefined
      ? {}
      : { cluster: subject.cluster.name, specHash: subject.cluster.hash }),
    notMeasured: [...notMeasured, ...asked.notMeasured],
    hosts: [...hosts],
    ...(asked.services.length === 0 ? {} : { services: [...asked.services] }),
    networks: [...networks],
    probes: [...probes],
  };
};
