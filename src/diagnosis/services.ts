import type { FactsFile } from '../facts/model/facts-file.js';
import type { ServiceSight } from '../facts/model/services.js';
import { byText, grouped, type Observation } from './access.js';
import { findingPerKey, type Statement } from './compose.js';
import type { FindingDraft, RuleContext } from './rule.js';

type Part = 'name' | 'answer' | 'certificate';

/** What nodes were told wrong of one service outside. */
export interface Wrong {
  readonly service: string;
  /** Address or name, with port. */
  readonly place: string;
  readonly seen: readonly Observation[];
  /** Nobody who asked got what the spec tells. */
  readonly everywhere: boolean;
}

const askedOf = ({ services = [] }: FactsFile, service: string, part: Part): readonly ServiceSight[] =>
  services.filter((sight) => sight.service === service && sight[part] !== undefined);

/** What is not found is not asked, and what does not answer shows no certificate: the first that is wrong is told. */
const isMoot = ({ name, answer }: ServiceSight, part: Part): boolean =>
  (part !== 'name' && name?.ok === false) || (part === 'certificate' && !answer.ok);

/** A finding for each service of which some node did not hear in this part what the spec tells. */
export const servicesWrong = (
  { facts }: RuleContext,
  part: Part,
  say: (wrong: Wrong) => Statement,
): FindingDraft[] => {
  const seen = [...(facts.services ?? [])]
    .sort((a, b) => byText(a.host, b.host))
    .flatMap((sight): Observation[] => {
      const { host, service, [part]: verdict } = sight;
      if (verdict === undefined || verdict.ok || isMoot(sight, part)) return [];
      return [{ host, key: service, fact: `services.${service}`, text: verdict.detail }];
    });
  return findingPerKey(grouped(seen), (service, own) => {
    const asked = askedOf(facts, service, part);
    const place = asked[0]?.place ?? '';
    return say({ service, place, seen: own, everywhere: own.length === asked.length });
  });
};
