import { defineSpecRule, type Problem } from '../rule.js';

/** Keys that the API wants in Secrets of these uses. */
const KEYS = { pull: ['.dockerconfigjson'], tls: ['tls.crt', 'tls.key'] } as const;

export const appSecretUnprovided = defineSpecRule({
  code: 'app-secret-unprovided',
  title: 'An application names a Secret that nothing provides',
  severity: 'error',
  explain: `\`pullSecret\` and \`ingress.tls.secret\` name Secrets in the application's namespace. Drover delivers those that \`spec.secrets.declared\`
lists: with the key \`.dockerconfigjson\` to pull images, with \`tls.crt\` and \`tls.key\` for a certificate. A certificate may also be made by cert-manager, by an
annotation that names its issuer.`,
  reads: ['applications', 'secrets', 'addons'],
  check: ({ applications, secrets, addons }, { at }) => {
    const declared = new Map(secrets.declared.map(({ name, keys }) => [name, keys]));
    const lacking = (name: string, keys: readonly string[]): string | undefined => {
      const held = declared.get(name);
      const missing = keys.filter((key) => held?.includes(key) !== true);
      if (missing.length === 0) return undefined;
      return held === undefined
        ? `add {name: ${name}, keys: [${keys.join(', ')}]} to secrets.declared`
        : `add ${missing.join(' and ')} to the keys of ${name}`;
    };
    const isIssued = (annotations: Readonly<Record<string, string>>): boolean =>
      addons.certManager.enabled &&
      Object.keys(annotations).some((key) => /^cert-manager\.io\/(cluster-)?issuer$/.test(key));
    return applications.flatMap(({ name, enabled, pullSecret, ingress }, index): readonly Problem[] => {
      const path = ['spec', 'applications', index];
      const tls = typeof ingress?.tls === 'object' ? ingress.tls.secret : undefined;
      const uses = [
        { secret: pullSecret, keys: KEYS.pull, what: 'pulls its image with', place: [...path, 'pullSecret'] },
        ...(ingress === undefined || isIssued(ingress.annotations)
          ? []
          : [
              {
                secret: tls,
                keys: KEYS.tls,
                what: 'has its certificate in',
                place: [...path, 'ingress', 'tls', 'secret'],
              },
            ]),
      ];
      return uses.flatMap(({ secret, keys, what, place }) => {
        const hint = secret === undefined || !enabled ? undefined : lacking(secret, keys);
        return hint === undefined
          ? []
          : [
              {
                message: `${name} ${what} the Secret ${secret ?? ''}, which nothing provides`,
                location: at(place),
                hint,
              },
            ];
      });
    });
  },
});
