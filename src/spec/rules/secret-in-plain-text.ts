import { defineSpecRule } from '../rule.js';
import { looksSecret } from '../source/mask.js';

export const secretInPlainText = defineSpecRule({
  code: 'secret-in-plain-text',
  title: 'A value that looks secret stands in the spec',
  severity: 'error',
  acceptable: true,
  explain: `Specs are kept in version control and shown in plans. A variable called \`…PASSWORD\`, \`…SECRET\`, \`…TOKEN\` or \`…API_KEY\` with a
literal value is visible to everybody who reads them, for ever. Put the value into the secret store and refer to it:

    env:
      DATABASE_PASSWORD: {secret: database, key: password}

Change the value as well: it has been written down.`,
  reads: ['applications'],
  check: ({ applications }, { at }) =>
    applications.flatMap(({ name, env }, index) =>
      Object.entries(env)
        .filter(([variable, value]) => looksSecret(variable) && typeof value === 'string' && value !== '')
        .map(([variable]) => ({
          message: `${name}: the value of ${variable} looks secret and stands in the spec`,
          location: at(['spec', 'applications', index, 'env', variable], 'key'),
          hint: `write ${variable}: {secret: NAME, key: KEY}, and change the value`,
        })),
    ),
});
