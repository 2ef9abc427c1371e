import { defineSpecRule } from '../rule.js';

export const appNeedDisabled = defineSpecRule({
  code: 'app-need-disabled',
  title: 'An application needs one that is switched off',
  severity: 'error',
  explain: `\`needs\` says what must answer before an application is deployed. An application with \`enabled: false\` is not deployed, so it never
answers. Switch it on, or take it out of \`needs\`.`,
  reads: ['applications', 'externalServices'],
  check: ({ applications, externalServices }, { at }) => {
    const there = new Set([
      ...externalServices.map(({ name }) => name),
      ...applications.filter(({ enabled }) => enabled).map(({ name }) => name),
    ]);
    const off = new Set(applications.map(({ name }) => name).filter((name) => !there.has(name)));
    return applications.flatMap(({ name, enabled, needs }, index) =>
      (enabled ? needs : []).flatMap((need, j) =>
        off.has(need)
          ? [
              {
                message: `${name} needs ${need}, which is switched off`,
                location: at(['spec', 'applications', index, 'needs', j]),
                hint: `set enabled: true for ${need}, or remove the need`,
              },
            ]
          : [],
      ),
    );
  },
});
