import { defineSpecRule } from '../rule.js';

export const vaultUndeclared = defineSpecRule({
  code: 'vault-undeclared',
  title: 'An application wants secrets from a Vault that nothing declares',
  severity: 'error',
  explain: `\`vault.files\` of an application are filled by the agent of the Vault server in \`spec.vault\`. Without that section nobody knows where
the values are, so its pods would wait for ever.`,
  reads: ['applications', 'vault'],
  check: ({ applications, vault }, { at }) =>
    applications.flatMap((application, index) =>
      application.vault === undefined || vault !== undefined
        ? []
        : [
            {
              message: `${application.name} wants files from Vault, which the spec does not have`,
              location: at(['spec', 'applications', index, 'vault']),
              hint: 'add vault: { address: https://… } to the spec',
            },
          ],
    ),
});
