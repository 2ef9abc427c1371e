import { type Look, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

/** Keys whose change is part of a network change or an upgrade, and that a drop-in file would fail to change. */
const WATCHED = [
  'flannel-backend',
  'disable-network-policy',
  'disable-kube-proxy',
  'cluster-cidr',
  'service-cidr',
  'node-ip',
  'flannel-iface',
  'disable',
];

/** Origin that the collector gives to flags of the unit's command line; files have a path there. */
const FROM_UNIT = 'unit';

export const argumentsBeatFiles = defineRule({
  code: 'arguments-beat-files',
  title: 'Arguments of the unit override the configuration files',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `Arguments in \`ExecStart\` beat \`config.yaml\` and its drop-ins. Whoever changes the file sees no effect and no error. The installation script writes \`INSTALL_K3S_EXEC\` there, and loses it when it
runs again without it. Move the values into \`config.yaml\`.`,
  source: 'https://docs.k3s.io/installation/configuration',
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs.flatMap(({ settings, kind }) =>
        WATCHED.flatMap((key) => {
          const setting = settings[key];
          if (setting?.origin !== FROM_UNIT) return [];
          const value = [setting.value].flat().join(',');
          return [
            {
              text: `${key}: ${value} on the command line of the unit`,
              at: `installs.${kind}.settings.${key}`,
            },
          ];
        }),
      ),
    );
    return findingIf(seen, () => ({
      title: `Arguments of the unit override configuration files on ${where(seen)}`,
      cause: 'K3s was installed with options on the command line (INSTALL_K3S_EXEC).',
      fix: step(
        'k3s.config',
        'move the values to /etc/rancher/k3s/config.yaml and take them out of the unit: systemctl edit --full k3s',
      ),
    }));
  },
});
