import { didYouMean } from '../../core/did-you-mean.js';
import { K3S_AGENT_KEYS, K3S_OWNED, K3S_SERVER_KEYS } from '../options/k3s.js';
import { defineSpecRule } from '../rule.js';

export const k3sConfigUnknown = defineSpecRule({
  code: 'k3s-config-unknown',
  title: 'K3s does not know this key',
  severity: 'warning',
  explain: `K3s ignores keys of config.yaml that it does not know, or warns in its log, and starts: the setting has no effect.
Keys are written like the flags, without dashes in front. Options of servers are ignored on agents.`,
  source: 'https://docs.k3s.io/cli/server',
  reads: ['distribution'],
  check: ({ distribution }, { at }) => {
    if (distribution.kind !== 'k3s') return [];
    const known = { config: [...K3S_SERVER_KEYS, ...K3S_AGENT_KEYS], agentConfig: K3S_AGENT_KEYS };
    return (['config', 'agentConfig'] as const).flatMap((section) =>
      Object.keys(distribution[section])
        .map((key) => ({ key, name: key.replace(/\+$/, '') }))
        .filter(
          ({ name }) => !known[section].includes(name) && K3S_OWNED[name.replace(/^-+/, '')] === undefined,
        )
        .map(({ key, name }) => {
          const near = didYouMean(name, known[section]);
          const onServers = section === 'agentConfig' && known.config.includes(name);
          return {
            message: onServers ? `K3s ignores ${name} on agents` : `K3s has no key ${name}`,
            location: at(['spec', 'distribution', section, key], 'key'),
            ...(near === undefined || onServers ? {} : { label: `did you mean ${near}?` }),
            hint: onServers
              ? 'move it to distribution.config'
              : 'keys are the flags of k3s server without dashes in front',
          };
        }),
    );
  },
});
