import { idText, kindName } from '../model/object-id.js';
import type { ObjectSummary } from './summary.js';

/** Columns from the outside to the inside: what names others stands to the left of what it names. */
const TIERS: readonly (readonly string[])[] = [
  [
    'Ingress.networking.k8s.io',
    'HorizontalPodAutoscaler.autoscaling',
    'RoleBinding.rbac.authorization.k8s.io',
    'ClusterRoleBinding.rbac.authorization.k8s.io',
    'Certificate.cert-manager.io',
  ],
  [
    'Service',
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  ],
  ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'CronJob.batch', 'Job.batch', 'Pod'],
  ['ServiceAccount', 'Role.rbac.authorization.k8s.io', 'ClusterRole.rbac.authorization.k8s.io'],
  ['Secret', 'ConfigMap', 'PersistentVolumeClaim'],
];
/** Beyond this a picture shows nothing any more. */
const MOST = 300;
const SIZE = { width: 230, height: 34, gapX: 90, gapY: 10, margin: 20 } as const;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tierOf = (kind: string): number => {
  const found = TIERS.findIndex((tier) => tier.includes(kind));
  return found < 0 ? 2 : found;
};

interface Box {
  readonly summary: ObjectSummary;
  readonly x: number;
  readonly y: number;
}

const layOut = (shown: readonly ObjectSummary[]): ReadonlyMap<string, Box> => {
  const rows = TIERS.map(() => 0);
  const boxes = new Map<string, Box>();
  for (const summary of shown) {
    const tier = tierOf(kindName(summary.id));
    const row = rows[tier] ?? 0;
    rows[tier] = row + 1;
    boxes.set(idText(summary.id), {
      summary,
      x: SIZE.margin + tier * (SIZE.width + SIZE.gapX),
      y: SIZE.margin + row * (SIZE.height + SIZE.gapY),
    });
  }
  return boxes;
};

const short = (text: string, most = 32): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

const drawBox = ({ summary: { id }, x, y }: Box): string =>
  `<g><title>${escape(idText(id))}</title><rect x="${x}" y="${y}" width="${SIZE.width}" height="${SIZE.height}" rx="4"/>` +
  `<text x="${x + 8}" y="${y + 14}" class="kind">${escape(short(`${id.namespace ?? ''} ${id.kind}`.trim()))}</text>` +
  `<text x="${x + 8}" y="${y + 28}">${escape(short(id.name))}</text></g>`;

const line = (from: Box, to: Box): string => {
  const [x1, y1] = [from.x + SIZE.width, from.y + SIZE.height / 2];
  const [x2, y2] = [to.x, to.y + SIZE.height / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  return `<path d="M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}"/>`;
};

const STYLE =
  'rect{fill:#fff;stroke:#57606a}text{font:12px sans-serif;fill:#24292f}.kind{font-size:10px;fill:#57606a}path{fill:none;stroke:#8c959f}';

/** An SVG of the objects that refer to each other. Objects without any reference are not drawn. */
export const referencePicture = (summaries: readonly ObjectSummary[]): string => {
  const present = new Set(summaries.map(({ id }) => idText(id)));
  const named = new Set(summaries.flatMap(({ to }) => to.filter((id) => present.has(id))));
  const linked = summaries.filter(
    ({ id, to }) => named.has(idText(id)) || to.some((each) => present.has(each)),
  );
  const boxes = layOut(linked.slice(0, MOST));
  const all = [...boxes.values()];
  const lines = all.flatMap((from) =>
    from.summary.to.flatMap((id) => {
      const to = boxes.get(id);
      return to === undefined ? [] : [line(from, to)];
    }),
  );
  const width = SIZE.margin * 2 + TIERS.length * (SIZE.width + SIZE.gapX) - SIZE.gapX;
  const bottom = all.reduce((lowest: number, { y }) => Math.max(lowest, y + SIZE.height), SIZE.margin);
  const more =
    linked.length > MOST
      ? `<text x="${SIZE.margin}" y="${bottom + 30}">… and ${linked.length - MOST} more</text>`
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 40}" role="img" aria-label="References between objects"><style>${STYLE}</style>${lines.join('')}${all.map(drawBox).join('')}${more}</svg>\n`;
};
