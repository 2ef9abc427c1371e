import type { Told } from '../facts/services/ask-script.js';
import type { ServicePlace } from '../facts/services/places.js';
import { answerOf, sightOf } from '../facts/services/sight.js';
import { type CheckResult, fail, passIf } from './check.js';

const ANSWERS = {
  check: 'service-answers',
  title: 'Services outside the cluster answer every node in their own words',
};
const FROM_POD = { check: 'service-from-pod', title: 'Services outside the cluster answer to pods' };
const TLS = {
  check: 'service-certificate',
  title: 'Certificates of services outside are trusted and last long enough',
};
const NAME = { check: 'service-name', title: 'Names of services outside are known on every node' };

type Heard = ReadonlyMap<string, Told>;

/** Everything that one node heard about services outside. Pure. */
export const judgeFromNode = (
  node: string,
  places: readonly ServicePlace[],
  heard: { readonly told: Heard; readonly now: number },
): readonly CheckResult[] =>
  places.flatMap((place): CheckResult[] => {
    const { name, answer, certificate } = sightOf(place, heard);
    const part = { node, to: place.label };
    return [
      ...(name === undefined ? [] : [passIf(name.ok, { ...NAME, ...part, detail: name.detail })]),
      passIf(answer.ok, { ...ANSWERS, ...part, detail: answer.detail }),
      ...(certificate === undefined
        ? []
        : certificate === 'unasked'
          ? [
              {
                ...TLS,
                ...part,
                status: 'not-applicable' as const,
                detail: 'openssl is not installed there',
              },
            ]
          : [passIf(certificate.ok, { ...TLS, ...part, detail: certificate.detail })]),
    ];
  });

/** A node that cannot ask proves nothing. Pure. */
export const cannotAsk = (
  node: string,
  places: readonly ServicePlace[],
  why: string,
): readonly CheckResult[] =>
  places.map(({ label }) => fail({ ...ANSWERS, node, to: label, detail: `the node could not ask: ${why}` }));

/** What a pod heard; `told` is empty when it could not ask. Pure. */
export const judgeFromPod = (
  places: readonly ServicePlace[],
  heard: { readonly told: Heard } | { readonly failure: string },
): readonly CheckResult[] =>
  places.map((place) => {
    const part = { ...FROM_POD, node: 'pod', to: place.label };
    if ('failure' in heard) return fail({ ...part, detail: heard.failure });
    const verdict = answerOf(place, heard.told);
    return passIf(verdict.ok, { ...part, detail: verdict.detail });
  });
