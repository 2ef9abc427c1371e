import type { Breach } from '../diagnosis/policy/check-policy.js';
import type { PolicyRule } from '../diagnosis/policy/rule.js';

const ruleOf = ({ code, title, explain, fix }: PolicyRule) => ({
  id: code,
  shortDescription: { text: title },
  fullDescription: { text: explain },
  help: { text: fix },
});

const placeOf = ({ location, object, path }: Breach) => ({
  ...(location === undefined
    ? {}
    : {
        physicalLocation: {
          artifactLocation: { uri: location.file },
          region: { startLine: location.line, startColumn: location.column },
        },
      }),
  logicalLocations: [{ fullyQualifiedName: `${object}/${path}`, kind: 'object' }],
});

const resultOf = (breach: Breach) => ({
  ruleId: breach.rule,
  level: breach.severity,
  message: { text: `${breach.object}: ${breach.text}. ${breach.fix}.` },
  locations: [placeOf(breach)],
  ...(breach.accepted === undefined
    ? {}
    : {
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: `${breach.accepted.reason} (until ${breach.accepted.until})`,
          },
        ],
      }),
});

/** SARIF 2.1.0, which code hosts and editors read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export const sarifDocument = (
  tool: string,
  rules: readonly PolicyRule[],
  breaches: readonly Breach[],
): string => {
  const driver = { name: 'drover', version: tool, rules: rules.map(ruleOf) };
  const document = {
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: breaches.map(resultOf) }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};
