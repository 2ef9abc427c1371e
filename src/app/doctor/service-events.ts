import type { Service } from '../../core/events/service.js';
import type { ServiceSight } from '../../facts/model/services.js';

const wordsOf = ({ name, answer, certificate }: ServiceSight) => {
  const parts = [name, answer, certificate].flatMap((part) => part ?? []);
  const wrong = parts.find(({ ok }) => !ok);
  return {
    ok: wrong === undefined,
    text: wrong?.detail ?? parts.map(({ detail }) => detail).join('; '),
  };
};

/** What nodes heard, service by service. Pure. */
export const serviceEvents = (sights: readonly ServiceSight[]): readonly Service[] =>
  [...new Set(sights.map(({ service }) => service))].map((service) => {
    const own = sights.filter((sight) => sight.service === service);
    const groups = new Map<string, Service['heard'][number]>();
    for (const sight of own) {
      const { ok, text } = wordsOf(sight);
      groups.set(text, { ok, text, hosts: [...(groups.get(text)?.hosts ?? []), sight.host] });
    }
    return { service, place: own[0]?.place ?? '', heard: [...groups.values()] };
  });
