import type { Told } from './ask-script.js';
import type { Verdict } from './dialogue.js';
import { judgeCertificate, judgeTold } from './judge.js';
import { isName, type ServicePlace } from './places.js';

/** What one node saw of one service outside. */
export interface Sight {
  /** Absent = it is called by its address. */
  readonly name?: Verdict;
  /** What it says before anybody logs in. */
  readonly answer: Verdict;
  /** Absent = the spec tells of no TLS; `unasked` = the node has no openssl. */
  readonly certificate?: Verdict | 'unasked';
}

type Heard = ReadonlyMap<string, Told>;

/** PostgreSQL answers in plain text whether it speaks TLS: what the spec promises must be true. Pure. */
export const answerOf = ({ id, service, question }: ServicePlace, told: Heard): Verdict => {
  const verdict = judgeTold(question, told.get(id));
  return service.tls && verdict.detail === 'PostgreSQL, without TLS'
    ? { ok: false, detail: 'PostgreSQL, but without the TLS that the spec tells' }
    : verdict;
};

const nameOf = ({ id, host }: ServicePlace, told: Heard): Verdict => {
  const { status, text } = told.get(`${id}.name`) ?? { status: 1, text: '' };
  const known = status === 0 && text.trim() !== '';
  return { ok: known, detail: known ? `${host} is ${text.trim()}` : `${host} is not known` };
};

/** Judges everything that a node heard about a service. Pure. */
export const sightOf = (
  place: ServicePlace,
  { told, now }: { readonly told: Heard; readonly now: number },
): Sight => ({
  ...(isName(place.host) ? { name: nameOf(place, told) } : {}),
  answer: answerOf(place, told),
  ...(place.service.tls
    ? { certificate: judgeCertificate(told.get(`${place.id}.tls`), now) ?? 'unasked' }
    : {}),
});
