import type { Evidence } from '../../core/events/finding.js';
import { NETWORK_OPTIONS, type NetworkOption, type Verdict } from '../../core/events/verdict.js';
import { limited } from '../compose.js';
import { askedOption, NETWORKS } from '../networks.js';
import type { RuleContext } from '../rule.js';
import { underlayOf } from '../underlay.js';
import { calicoChecks } from './calico.js';
import type { Check } from './check.js';
import { ciliumChecks } from './cilium.js';
import { flannelChecks } from './flannel.js';
import { labChecks } from './lab.js';
import { wholePaths } from './wire.js';

const CHECKS = {
  flannel: flannelChecks,
  calico: calicoChecks,
  cilium: ciliumChecks,
  lab: labChecks,
} as const;

const STATUS = { fail: 'cannot', unknown: 'unknown', if: 'works-if', pass: 'works' } as const;

/** The worst check decides; conditions are those of the deciding kind, then what else would have to be done. */
const decide = (checks: readonly Check[]): Pick<Verdict, 'status' | 'conditions' | 'evidence'> => {
  const worst =
    (['fail', 'unknown', 'if'] as const).find((outcome) =>
      checks.some((check) => check.outcome === outcome),
    ) ?? 'pass';
  const deciding = checks.filter(({ outcome }) => outcome === worst);
  const further = worst === 'unknown' ? checks.filter(({ outcome }) => outcome === 'if') : [];
  const texts = [...deciding, ...further].map(({ text }) => text).filter((text) => text !== '');
  const others =
    worst === 'fail' ? [] : checks.filter((check) => !deciding.includes(check) && !further.includes(check));
  const evidence: readonly Evidence[] = [...deciding, ...further, ...others].flatMap(
    (check) => check.evidence,
  );
  return { status: STATUS[worst], conditions: [...new Set(texts)], evidence: limited(evidence) };
};

/** IPv6 headers are 20 bytes longer. */
const overheadOf = (context: RuleContext, option: NetworkOption): number => {
  const { overhead } = NETWORKS[option];
  return overhead === 50 && context.cluster?.spec.network.nodes.includes(':') === true ? 70 : overhead;
};

/**
 * Judges every cluster network on the measured hosts, in the order of the table. Nobody shall be shown the lab's own as a
 * choice: it is judged where the spec asks for it.
 */
export const judge = (context: RuleContext): Verdict[] => {
  const asked = askedOption(context.cluster);
  const underlay = underlayOf(context);
  const offered = NETWORK_OPTIONS.filter((option) => NETWORKS[option].cni !== 'lab' || option === asked);
  return offered.map((option) => {
    const { title, cni } = NETWORKS[option];
    const decided = decide([...CHECKS[cni](context, option), wholePaths(context)]);
    const mtu = underlay === undefined ? 0 : underlay.mtu - overheadOf(context, option);
    return {
      option,
      title,
      ...decided,
      evidence: underlay === undefined ? decided.evidence : limited([...decided.evidence, underlay.evidence]),
      ...(mtu > 0 ? { mtu } : {}),
      asked: option === asked,
    };
  });
};
