import { count } from '../core/text.js';
import { type CollectorId, collectorSchemas } from '../facts/model/host-facts.js';
import { byText, members } from './access.js';
import { named } from './compose.js';
import type { RuleContext } from './rule.js';

const ids = Object.keys(collectorSchemas) as CollectorId[];

/** Collectors that failed or did not run on hosts that were reached: rules about them say nothing there. */
const missingSections = (context: RuleContext): string[] => {
  const hosts = members(context).filter(({ contact }) => contact.state === 'reached');
  return ids.flatMap((id) => {
    const failed = hosts.filter(
      ({ sections }) => sections[id] !== undefined && sections[id].value === undefined,
    );
    const absent = hosts.filter(({ sections }) => sections[id] === undefined);
    const [first] = failed;
    return [
      ...(first === undefined
        ? []
        : [`${id} on ${named(failed.map(({ name }) => name))}: ${first.sections[id]?.error ?? 'no answer'}`]),
      ...(absent.length === 0 || absent.length === hosts.length
        ? []
        : [`${id} on ${named(absent.map(({ name }) => name))}: not collected`]),
    ];
  });
};

/** Collectors that no host ran at all are told in one line. */
const absentSections = (context: RuleContext): string[] => {
  const hosts = members(context).filter(({ contact }) => contact.state === 'reached');
  const absent = ids.filter((id) => hosts.every(({ sections }) => sections[id] === undefined));
  return hosts.length === 0 || absent.length === 0
    ? []
    : [`${count(absent.length, 'collector')} did not run: ${absent.join(', ')}`];
};

const missingProbes = ({ facts }: RuleContext): string[] =>
  facts.probes.length === 0 && facts.notMeasured.length === 0
    ? ['paths between hosts: no probe ran, so nothing is known about ports, tunnels and MTU']
    : [];

/** What the diagnosis cannot speak about. */
export const notMeasured = (context: RuleContext): string[] => [
  ...[...context.facts.notMeasured].sort(byText),
  ...missingProbes(context),
  ...absentSections(context),
  ...missingSections(context),
];
