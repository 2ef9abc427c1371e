import { didYouMean } from '../../core/did-you-mean.js';
import { defineSpecRule, type Problem } from '../rule.js';
import { secretReferences } from '../secret-references.js';

export const unknownSecret = defineSpecRule({
  code: 'unknown-secret',
  title: 'A secret is used that the spec does not declare',
  severity: 'error',
  explain: `Secrets are referred to as \`{secret: NAME, key: KEY}\`. Their values are in the encrypted store; \`spec.secrets.declared\` lists
which must be in it, so that a missing one is found before anything is deployed.`,
  reads: ['secrets', 'applications', 'externalServices', 'monitoring', 'ingress'],
  check: ({ secrets, ...sections }, { at }) => {
    const declared = new Map(secrets.declared.map(({ name, keys }) => [name, keys]));
    return secretReferences(sections, ['spec']).flatMap(({ secret, key, path }): readonly Problem[] => {
      const keys = declared.get(secret);
      if (keys?.includes(key) === true) return [];
      const near = keys === undefined ? didYouMean(secret, [...declared.keys()]) : didYouMean(key, keys);
      return [
        {
          message:
            keys === undefined
              ? `the secret ${secret} is not declared`
              : `the secret ${secret} has no key ${key}`,
          location: at([...path, keys === undefined ? 'secret' : 'key']),
          ...(near === undefined ? {} : { label: `did you mean ${near}?` }),
          hint:
            keys === undefined
              ? `add {name: ${secret}, keys: [${key}]} to secrets.declared`
              : `add ${key} to its keys`,
        },
      ];
    });
  },
});
