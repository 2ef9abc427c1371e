import type { Board, Panel } from './board.js';

type Fields = Readonly<Record<string, unknown>>;

/** What Grafana calls its source of figures; the provisioning and every panel agree by it. */
export const DATASOURCE = { type: 'prometheus', uid: 'drover-prometheus' } as const;

/** What Grafana calls its source of lines. */
export const LOGSOURCE = { type: 'loki', uid: 'drover-loki' } as const;

/** Version of the format that Grafana migrates from when it is newer. */
const SCHEMA_VERSION = 41;
const COLUMNS = 24;
const HEIGHT = 8;
const STAT = { width: 6, height: 4 };

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const sizeOf = ({ kind, width }: Panel): { readonly w: number; readonly h: number } =>
  kind === 'stat'
    ? { w: width ?? STAT.width, h: STAT.height }
    : {
        w: width ?? COLUMNS / 2,
        h: kind === 'table' && width !== undefined && width < COLUMNS ? STAT.height : HEIGHT,
      };

/** From left to right, a new line where the next one does not fit. */
const placesOf = (panels: readonly Panel[]): readonly Place[] => {
  let [x, y, line] = [0, 0, 0];
  return panels.map((panel) => {
    const { w, h } = sizeOf(panel);
    if (x + w > COLUMNS) [x, y, line] = [0, y + line, 0];
    const place = { x, y, w, h };
    [x, line] = [x + w, Math.max(line, h)];
    return place;
  });
};

const thresholdsOf = ({ marks }: Panel): Fields => {
  if (marks === undefined) return { mode: 'absolute', steps: [{ color: 'green', value: null }] };
  const { warning, critical, low } = marks;
  const steps =
    low === true
      ? [
          { color: 'red', value: null },
          { color: 'yellow', value: critical },
          { color: 'green', value: warning },
        ]
      : [
          { color: 'green', value: null },
          { color: 'yellow', value: warning },
          { color: 'red', value: critical },
        ];
  return { mode: 'absolute', steps };
};

const OPTIONS: Readonly<Record<Panel['kind'], Fields>> = {
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: {
    colorMode: 'value',
    graphMode: 'area',
    justifyMode: 'auto',
    orientation: 'auto',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    showPercentChange: false,
    textMode: 'auto',
    wideLayout: true,
  },
  logs: {
    dedupStrategy: 'none',
    enableLogDetails: true,
    prettifyLogMessage: false,
    showCommonLabels: false,
    showLabels: false,
    showLogContextToggle: true,
    showTime: true,
    sortOrder: 'Descending',
    wrapLogMessage: true,
  },
  table: { showHeader: true, cellHeight: 'sm', frameIndex: 0 },
};

const letter = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

/** A table shows what is now; everything else what was in the time that the reader chose. */
const waysOf = ({ kind, from }: Panel): Fields => {
  if (from === 'loki') return { queryType: 'range' };
  return kind === 'table' ? { instant: true, format: 'table' } : { range: true };
};

const sourceOf = ({ from }: Panel): Fields => (from === 'loki' ? LOGSOURCE : DATASOURCE);

const panelOf = (panel: Panel, id: number, gridPos: Place): Fields => ({
  id,
  type: panel.kind,
  title: panel.title,
  datasource: sourceOf(panel),
  gridPos,
  targets: panel.queries.map(({ expr, legend }, index) => ({
    refId: letter(index),
    datasource: sourceOf(panel),
    expr,
    legendFormat: legend,
    ...waysOf(panel),
  })),
  fieldConfig: { defaults: { unit: panel.unit, thresholds: thresholdsOf(panel) }, overrides: [] },
  options: OPTIONS[panel.kind],
});

const variableOf = ({ choose }: Board): readonly Fields[] =>
  choose === undefined
    ? []
    : [
        {
          name: choose.label,
          label: choose.label,
          type: 'query',
          datasource: DATASOURCE,
          query: { query: `label_values(${choose.of}, ${choose.label})`, refId: 'choose' },
          refresh: 2,
          sort: 1,
          multi: true,
          includeAll: true,
          current: { text: 'All', value: '$__all' },
          hide: 0,
          options: [],
        },
      ];

/** The JSON of a dashboard as Grafana reads it. */
export const dashboardOf = (board: Board): Fields => {
  const places = placesOf(board.panels);
  return {
    uid: board.uid,
    title: board.title,
    tags: ['drover'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: { list: variableOf(board) },
    annotations: { list: [] },
    links: [],
    panels: board.panels.map((panel, index) => {
      const place = places[index];
      if (place === undefined) throw new Error('every panel has a place');
      return panelOf(panel, index + 1, place);
    }),
  };
};
