import { describe, expect, it } from 'vitest';
import { judgeAnswer } from '../../../src/facts/services/dialogue.js';
import { absentServices, servicePlaces, servicesScript } from '../../../src/facts/services/places.js';
import { inputOf, keybuzz } from '../../steps/apps/rig.js';

describe('the Vault of a spec, as a service outside', () => {
  const { cluster } = inputOf({ vault: { address: 'https://vault.example:8200' } });

  it('is asked for its health over TLS, by name and by certificate, wherever services are asked', () => {
    const places = servicePlaces(cluster, []);
    expect(places.map(({ label, host, question }) => [label, host, question.ask, question.port])).toEqual([
      ['vault', 'vault.example', 'https', 8200],
    ]);
    const { tls, names } = servicesScript(places);
    expect([tls.map(({ host }) => host), names.map(({ name }) => name)]).toEqual([
      ['vault.example'],
      ['vault.example'],
    ]);
  });

  it.each([
    [200, true, 'unsealed and active (status 200)'],
    [429, true, 'unsealed, on standby (status 429)'],
    [501, false, 'not initialized (status 501)'],
    [503, false, 'sealed (status 503)'],
    [404, false, 'status 404, wanted 200 or 429 or 472 or 473'],
  ])('says by its status what it is: %i', (status, ok, detail) => {
    const [place] = servicePlaces(cluster, []);
    if (place === undefined) throw new Error('no place');
    expect(judgeAnswer(place.question, Buffer.from(`HTTP/1.1 ${status}`))).toEqual({ ok, detail });
  });

  it('is not asked in a lab without its host, which is named', () => {
    expect(servicePlaces(keybuzz, ['vault-01']).map(({ label }) => label)).not.toContain('vault');
    expect(absentServices(keybuzz, ['vault-01'])).toContainEqual({ service: 'vault', host: 'vault-01' });
  });
});
