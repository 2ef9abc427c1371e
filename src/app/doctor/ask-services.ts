import type { ServiceSight } from '../../facts/model/services.js';
import { bracketed } from '../../facts/services/ask-script.js';
import { type ServicePlace, servicesScript } from '../../facts/services/places.js';
import { sightOf } from '../../facts/services/sight.js';
import type { DoctorHost } from './subject.js';
import type { DoctorTools } from './tools.js';

export interface AskedServices {
  readonly services: readonly ServiceSight[];
  readonly notMeasured: readonly string[];
}

const seen = (
  { target }: DoctorHost,
  place: ServicePlace,
  heard: Parameters<typeof sightOf>[1],
): ServiceSight => {
  const { certificate, ...sight } = sightOf(place, heard);
  return {
    at: new Date(heard.now).toISOString(),
    host: target.name,
    service: place.label,
    place: `${bracketed(place.host)}:${place.service.port}`,
    ...sight,
    ...(certificate === undefined || certificate === 'unasked' ? {} : { certificate }),
  };
};

/** Every host asks every service outside what it is, all at once. Nobody logs in anywhere. */
export const askServices = async (
  hosts: readonly DoctorHost[],
  places: readonly ServicePlace[],
  { instruments, clock }: Pick<DoctorTools, 'instruments' | 'clock'>,
): Promise<AskedServices> => {
  const script = servicesScript(places);
  const heard = await Promise.all(
    hosts.map(async (host) => ({ host, answers: await instruments.ask(host, script) })),
  );
  const now = clock.now();
  return {
    services: heard.flatMap(({ host, answers }) =>
      answers.ok ? places.map((place) => seen(host, place, { told: answers.value, now })) : [],
    ),
    notMeasured: heard.flatMap(({ host, answers }) =>
      answers.ok ? [] : [`services outside, by ${host.target.name}: ${answers.error}`],
    ),
  };
};
