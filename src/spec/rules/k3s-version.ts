import { defineSpecRule } from '../rule.js';
import { K3S_VERSION } from '../versions.js';

/** How the version that was meant is probably written. */
const meant = (version: string): string | undefined => {
  const match = /^v?(\d+\.\d+\.\d+)(?:[-+_]?k3s(\d+))?$/.exec(version);
  return match === null ? undefined : `v${match[1] ?? ''}+k3s${match[2] ?? '1'}`;
};

export const k3sVersion = defineSpecRule({
  code: 'k3s-version',
  title: 'This is not the name of a K3s release',
  severity: 'error',
  explain: `K3s releases are called \`v1.36.4+k3s1\`: the Kubernetes version, then K3s' own build. Image tags write \`-k3s1\`, releases
\`+k3s1\`. Channels (\`stable\`, \`latest\`) move, so a spec names the release: two runs must install the same.`,
  source: 'https://update.k3s.io/v1-release/channels',
  reads: ['distribution'],
  check: ({ distribution }, { at }) => {
    if (distribution.kind !== 'k3s' || K3S_VERSION.test(distribution.version)) return [];
    const right = meant(distribution.version);
    const channel = /^(stable|latest|testing|v\d+\.\d+)$/.test(distribution.version);
    return [
      {
        message: channel ? 'a channel is not a version: it moves' : 'this is no K3s release',
        location: at(['spec', 'distribution', 'version']),
        ...(right === undefined ? {} : { label: `write ${right}` }),
        hint: 'a release looks like v1.36.4+k3s1',
      },
    ];
  },
});
