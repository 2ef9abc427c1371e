import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { idOf, idText } from '../../../bundle/model/object-id.js';
import { canonicalJson } from '../../../core/canonical.js';
import type { DroverError, DroverErrors } from '../../../core/error.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import { printable, sentence } from '../../../core/text.js';
import { holdsSecret } from '../../../steps/sets/object-set.js';
import { chartArchive } from './archive.js';
import type { ChartRequest, RenderChart } from './chart.js';
import { chartError } from './chart-error.js';
import { chartFiles } from './chart-files.js';
import { unknownValues } from './check-values.js';
import { findHelm, type HelmTools } from './find-helm.js';
import { helmEnv } from './helm-env.js';
import { chartObjects } from './objects.js';

type Rendered = Result<readonly KubeObject[], DroverErrors>;

const WRONG_VALUES = /values don't meet the specifications of the schema/;

/** What Helm says against a chart or its values. */
const helmRefused = (request: ChartRequest, stderr: string): DroverError => {
  const said = printable(stderr)
    .trim()
    .replace(/^Error: /, '');
  const wrong = WRONG_VALUES.test(said);
  return chartError(request, {
    code: wrong ? 'chart-values-wrong' : 'chart-not-rendered',
    message: wrong
      ? `values of ${request.chart} do not fit its schema`
      : `${request.chart} ${request.version} cannot be rendered`,
    cause: said.split('\n').slice(0, 12).join('\n'),
  });
};

const LIMIT_MS = 60_000;

const template = async (
  request: ChartRequest,
  {
    helm,
    archive,
    folder,
    tools,
  }: { readonly helm: string; readonly archive: string; readonly folder: string; readonly tools: HelmTools },
): Promise<Result<string, DroverError>> => {
  const { name, namespace, values, kubeVersion } = request;
  const version = kubeVersion === undefined ? [] : ['--kube-version', kubeVersion];
  const ran = await execa(
    helm,
    [
      'template',
      name,
      archive,
      '--namespace',
      namespace,
      '--include-crds',
      '--skip-tests',
      '--values',
      '-',
      ...version,
    ],
    {
      input: JSON.stringify(values),
      env: helmEnv(tools.env, folder),
      extendEnv: false,
      reject: false,
      timeout: LIMIT_MS,
      cancelSignal: tools.signal,
      maxBuffer: 64 << 20,
    },
  );
  return ran.exitCode === 0 ? ok(ran.stdout) : err(helmRefused(request, ran.stderr));
};

/** Objects that no set may have, and those that differ from one rendering to the next. */
const unfit = (
  request: ChartRequest,
  objects: readonly KubeObject[],
  again: readonly KubeObject[],
): readonly DroverError[] => {
  const secrets = objects.filter(holdsSecret).map((object) => idText(idOf(object)));
  const second = new Map(again.map((object) => [idText(idOf(object)), canonicalJson(object)]));
  const changing = objects
    .filter((object) => !holdsSecret(object) && second.get(idText(idOf(object))) !== canonicalJson(object))
    .map((object) => idText(idOf(object)));
  return [
    ...(secrets.length === 0
      ? []
      : [
          chartError(request, {
            code: 'chart-secret',
            message: `${request.chart} makes ${sentence(secrets)} with data in it`,
            hint: 'name a Secret that is there already in its values (often existingSecret), and declare it under spec.secrets',
          }),
        ]),
    ...(changing.length === 0
      ? []
      : [
          chartError(request, {
            code: 'chart-changes',
            message: `${request.chart} renders ${sentence(changing)} differently each time`,
            hint: 'set the values that the chart makes up by chance',
          }),
        ]),
  ];
};

const failed = ([first, ...more]: readonly DroverError[]): Rendered | undefined =>
  first === undefined ? undefined : err([first, ...more]);

const renderIn = async (request: ChartRequest, folder: string, tools: HelmTools): Promise<Rendered> => {
  const helm = await findHelm(tools);
  if (!helm.ok) return err([helm.error]);
  const archive = await chartArchive(request, { helm: helm.value, tools });
  if (!archive.ok) return err([archive.error]);
  const files = await chartFiles(archive.value);
  if (files === undefined)
    return err([chartError(request, { code: 'chart-unreadable', message: `${archive.value} is no chart` })]);
  const unknown = failed(unknownValues(request, files));
  if (unknown !== undefined) return unknown;
  const at = { helm: helm.value, archive: archive.value, folder, tools };
  const [once, twice] = await Promise.all([template(request, at), template(request, at)]);
  if (!once.ok) return err([once.error]);
  if (!twice.ok) return err([twice.error]);
  const objects = chartObjects(once.value, request.namespace);
  return failed(unfit(request, objects, chartObjects(twice.value, request.namespace))) ?? ok(objects);
};

/** Renders charts with real Helm, from archives that are what their digests say. */
export const renderChart =
  (tools: HelmTools): RenderChart =>
  async (request) => {
    const folder = await mkdtemp(join(tmpdir(), 'drover-chart-'));
    try {
      return await renderIn(request, folder, tools);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
