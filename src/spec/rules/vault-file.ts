import { defineSpecRule, type Problem } from '../rule.js';

export const vaultFile = defineSpecRule({
  code: 'vault-file',
  title: 'A file from Vault is not said to be one thing',
  severity: 'error',
  explain: `A file that an application gets from Vault holds either variables (\`env\`) or one value (\`value\`), and each file is written once: two
of one name would overwrite each other.`,
  reads: ['applications'],
  check: ({ applications }, { at }) =>
    applications.flatMap(({ name: application, vault }, index) =>
      (vault?.files ?? []).flatMap(({ name, env, value }, j, files): readonly Problem[] => {
        const location = at(['spec', 'applications', index, 'vault', 'files', j, 'name']);
        const one = `${application}: the file ${name}`;
        if (files.findIndex((file) => file.name === name) < j)
          return [{ message: `${one} is written twice`, location, hint: 'rename one of them' }];
        if ((env === undefined) !== (value === undefined)) return [];
        const message = `${one} has ${env === undefined ? 'neither variables nor a value' : 'variables and a value'}`;
        return [{ message, location, hint: 'give it env: { NAME: { path, key } }, or value: { path, key }' }];
      }),
    ),
});
