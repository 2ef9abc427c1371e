import { definePolicyRule } from '../rule.js';

interface Subject {
  readonly kind?: unknown;
  readonly name?: unknown;
}

const GROUPS = /^system:(serviceaccounts(:.*)?|authenticated|unauthenticated)$/;

const isEverybody = ({ kind, name }: Subject): boolean =>
  (kind === 'ServiceAccount' && name === 'default') ||
  (kind === 'Group' && typeof name === 'string' && GROUPS.test(name));

export const noDefaultAccountRights = definePolicyRule({
  code: 'no-default-account-rights',
  title: 'Rights are given to named service accounts, not to those every pod gets',
  explain: `Every pod that names no service account runs as \`default\`, and its token lies in the container. Rights given to \`default\`, or to all service accounts, are
rights of whatever runs there, also of what breaks in.`,
  fix: 'make a ServiceAccount for the program that needs the rights, and bind them to it alone',
  check: (object) => {
    if (!/^(Cluster)?RoleBinding$/.test(object.kind)) return [];
    const { subjects } = object as { subjects?: unknown };
    if (!Array.isArray(subjects)) return [];
    return (subjects as Subject[]).flatMap((subject, index) =>
      isEverybody(subject)
        ? [
            {
              path: ['subjects', index],
              text: `gives rights to ${String(subject.kind)} ${String(subject.name)}`,
            },
          ]
        : [],
    );
  },
});
