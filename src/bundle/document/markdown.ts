import { count } from '../../core/text.js';
import type { ClusterIdentity } from '../identity.js';
import { kindName } from '../model/object-id.js';
import type { BundleFinding, LeftOut, ObjectReport } from '../model/report.js';
import type { ObjectSummary } from './summary.js';

export interface DocumentInput {
  readonly source: ClusterIdentity;
  readonly summaries: readonly ObjectSummary[];
  readonly reports: readonly ObjectReport[];
  readonly leftOut: readonly LeftOut[];
  readonly findings: readonly BundleFinding[];
}

/** Rows beyond this are counted, not listed: the files themselves are the list. */
const ROWS = 200;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 200);

const line = (row: readonly string[]): string => `| ${row.map(cell).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.slice(0, ROWS).map(line),
  ...(rows.length > ROWS ? ['', `… and ${rows.length - ROWS} more.`] : []),
  '',
];

const tally = (items: readonly string[]): readonly (readonly [string, string])[] => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([item, n]) => [item, String(n)]);
};

const cells = ({ id, path, text, to }: ObjectSummary): readonly string[] => [
  kindName(id),
  `[${id.name}](${path})`,
  text,
  to.join(', '),
];

/** The line of one object, as it stands in the page. */
export const objectLine = (summary: ObjectSummary): string => line(cells(summary));

const part = (title: string, summaries: readonly ObjectSummary[]): readonly string[] => [
  `## ${title}`,
  '',
  ...table(['Kind', 'Name', 'What', 'Needs'], summaries.map(cells)),
];

const parts = (summaries: readonly ObjectSummary[]): readonly string[] => {
  const namespaces = [...new Set(summaries.map(({ id }) => id.namespace))].sort((a, b) =>
    (a ?? '') < (b ?? '') ? -1 : 1,
  );
  return namespaces.flatMap((namespace) =>
    part(
      namespace === undefined ? 'Whole cluster' : `Namespace ${namespace}`,
      summaries.filter(({ id }) => id.namespace === namespace),
    ),
  );
};

/** Field names without the parts that differ from object to object. */
const general = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]');

/** The page that explains a bundle to whoever opens the folder. The same bundle gives the same page. */
export const bundleDocument = ({ source, summaries, reports, leftOut, findings }: DocumentInput): string =>
  [
    `# Objects of ${source.context}`,
    '',
    `Kubernetes ${source.version} (${source.distribution}), identity \`${source.uid}\`. ${count(summaries.length, 'object')} carried, ${leftOut.length} left out.`,
    'Values of Secrets are sealed; their keys are readable. Each file is one object.',
    '',
    '![How the objects refer to each other](references.svg)',
    '',
    ...(findings.length === 0
      ? []
      : [
          '## Findings',
          '',
          ...table(
            ['Severity', 'Object', 'What'],
            findings.map(({ severity, object, message }) => [severity, object ?? '', message]),
          ),
        ]),
    ...parts(summaries),
    '## Fields that were taken out',
    '',
    'Every single one, with its object, is in `report/objects.jsonl`.',
    '',
    ...table(
      ['Field', 'Why', 'Objects'],
      tally(
        reports.flatMap(({ removed }) =>
          removed.map(
            ({ path, reason, owner }) =>
              `${general(path)}\t${reason}${owner === undefined ? '' : ` (owner ${owner})`}`,
          ),
        ),
      ).map(([key, n]) => [...key.split('\t'), n]),
    ),
    '## Objects that were left out',
    '',
    'Every single one is in `report/left-out.jsonl`.',
    '',
    ...table(['Why', 'Objects'], tally(leftOut.map(({ reason }) => reason))),
  ].join('\n');
