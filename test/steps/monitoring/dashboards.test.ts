import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { boards } from '../../../src/steps/monitoring/dashboards/index.js';
import { dashboardOf } from '../../../src/steps/monitoring/dashboards/render.js';
import type { GrafanaDashboard } from './grafana-types.js';

const HEAD = `import type { GrafanaDashboard } from './grafana-types.js';\n`;

/** What the compiler says of dashboards as values of Grafana's types; none = they are. */
const problemsOf = (dashboards: readonly object[]): readonly string[] => {
  const file = join(import.meta.dirname, 'virtual-dashboards.ts');
  const text = `${HEAD}export const all: GrafanaDashboard[] = ${JSON.stringify(dashboards)};\n`;
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
    const [board] = boards.map(dashboardOf) as unknown as readonly GrafanaDashboard[];
    const [panel, ...rest] = board?.panels ?? [];
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
