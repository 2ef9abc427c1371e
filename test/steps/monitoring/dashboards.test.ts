import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { boards } from '../../../src/steps/monitoring/dashboards/index.js';
import { dashboardOf } from '../../../src/steps/monitoring/dashboards/render.js';

/**
 * Grafana publishes its format as types. An enumeration's members are written as their values in JSON, and options are
 * those of the kind of panel.
 */
const HEAD = `
import type { Dashboard, Panel } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';
import type { Options as Stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as Table } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as TimeSeries } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
type Plain<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Kind<Name extends string, Options> = Omit<Plain<Panel>, 'type' | 'options'> & { type: Name; options: Plain<Options> };
type Known = Kind<'stat', Omit<Stat, 'percentChangeColorMode'>> | Kind<'table', Table> | Kind<'timeseries', TimeSeries>;
type Checked = Omit<Plain<Dashboard>, 'panels'> & { panels: Known[] };
`;

/** What the compiler says of dashboards as values of Grafana's types; none = they are. */
const problemsOf = (dashboards: readonly object[]): readonly string[] => {
  const file = join(import.meta.dirname, 'virtual-dashboards.ts');
  const text = `${HEAD}export const all: Checked[] = ${JSON.stringify(dashboards)};\n`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const real = ts.createCompilerHost(options);
  host.fileExists = (path) => path === file || real.fileExists(path);
  host.getSourceFile = (path, language) =>
    path === file ? ts.createSourceFile(path, text, language) : real.getSourceFile(path, language);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n').slice(0, 400));
};

describe('dashboards', () => {
  it('are what Grafana reads, by the types that it publishes', () => {
    expect(problemsOf(boards.map(dashboardOf))).toEqual([]);
    const [board] = boards.map(dashboardOf);
    const [panel, ...rest] = board?.['panels'] as readonly Record<string, unknown>[];
    const wrong = [
      { ...board, schemaVersion: '41' },
      { ...board, graphTooltips: 1 },
      { ...board, panels: [{ ...panel, type: 'statistic' }, ...rest] },
      { ...board, panels: [{ ...panel, options: { colorMode: 'loud' } }, ...rest] },
    ];
    expect(problemsOf(wrong)).toHaveLength(wrong.length);
  }, 120_000);

  it('have names and places of their own', () => {
    expect(new Set(boards.map(({ uid }) => uid)).size).toBe(boards.length);
    for (const board of boards) {
      const panels = dashboardOf(board)['panels'] as readonly {
        readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
      }[];
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
      );
      expect(new Set(cells).size, board.title).toBe(cells.length);
      for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });
});
