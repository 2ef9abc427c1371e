import { copyFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import { printable } from '../../../core/text.js';
import { lookup, make } from '../../../lab/build/cache.js';
import { digestOf } from '../../../lab/build/kept-digest.js';
import { invokingUser } from '../../../lab/invoker.js';
import { rootfsHome } from '../../../lab/paths.js';
import type { ChartRequest } from './chart.js';
import { chartError } from './chart-error.js';
import type { HelmTools } from './find-helm.js';
import { helmEnv } from './helm-env.js';
import { pinnedDigest } from './pins.js';

const ARCHIVE = 'chart.tgz';

const unreachable = (request: ChartRequest, from: string, said: string): DroverError =>
  chartError(request, {
    code: 'chart-unreachable',
    message: `${request.chart} ${request.version} cannot be fetched from ${from}`,
    cause: printable(said).trim().split('\n').slice(-4).join('\n'),
    hint: 'spec.addons.chartMirror names another repository, `file` an archive at hand',
  });

/** Helm reads repositories, registries and their logins; into a folder of its own. */
const pull = async (
  request: ChartRequest,
  folder: string,
  { helm, tools }: { readonly helm: string; readonly tools: HelmTools },
): Promise<Result<void, DroverError>> => {
  const from = (request.mirror ?? request.repository).replace(/\/+$/, '');
  const chart = from.startsWith('oci://') ? [`${from}/${request.chart}`] : [request.chart, '--repo', from];
  const pulled = await execa(
    helm,
    ['pull', ...chart, '--version', request.version, '--destination', folder],
    {
      env: helmEnv(tools.env, folder),
      extendEnv: false,
      reject: false,
      timeout: 120_000,
      cancelSignal: tools.signal,
      stdin: 'ignore',
    },
  );
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (pulled.exitCode !== 0 || archive === undefined) return err(unreachable(request, from, pulled.stderr));
  await rename(join(folder, archive), join(folder, ARCHIVE));
  return ok(undefined);
};

const copy = async (
  request: ChartRequest,
  file: string,
  folder: string,
): Promise<Result<void, DroverError>> => {
  try {
    await copyFile(file, join(folder, ARCHIVE));
    return ok(undefined);
  } catch (reason) {
    const cause = reason instanceof Error ? reason.message : String(reason);
    return err(chartError(request, { code: 'chart-unreadable', message: `${file} cannot be read`, cause }));
  }
};

const checked = async (
  request: ChartRequest,
  folder: string,
  wanted: string | undefined,
): Promise<Result<void, DroverError>> => {
  const found = await digestOf(join(folder, ARCHIVE));
  if (wanted === undefined)
    return err(
      chartError(request, {
        code: 'chart-no-digest',
        message: `${request.chart} ${request.version} has no digest`,
        hint: `what is there now has digest: ${found}`,
      }),
    );
  if (found === wanted) return ok(undefined);
  return err(
    chartError(request, {
      code: 'chart-digest-differs',
      message: `${request.chart} ${request.version} is not the chart that was pinned`,
      cause: `its SHA-256 must be ${wanted}\nand is             ${found}`,
    }),
  );
};

/** What Helm writes beside the archive. */
const tidy = async (folder: string): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => name !== ARCHIVE);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
};

/** The archive of a chart: kept from before, copied or fetched, and never another one than its digest says. */
export const chartArchive = async (
  request: ChartRequest,
  at: { readonly helm: string; readonly tools: HelmTools },
): Promise<Result<string, DroverError>> => {
  const wanted = request.digest ?? pinnedDigest(request);
  const { env, clock } = at.tools;
  const slot = {
    home: join(dirname(rootfsHome(env)), 'charts'),
    key: wanted ?? 'unknown',
    owner: invokingUser(env),
  };
  const kept = wanted === undefined ? undefined : await lookup(slot, new Date(clock.now()));
  if (kept !== undefined) return ok(join(kept, ARCHIVE));
  const made = await make(slot, async (folder) => {
    const { file } = request;
    const brought = file === undefined ? await pull(request, folder, at) : await copy(request, file, folder);
    if (!brought.ok) return brought;
    await tidy(folder);
    return checked(request, folder, wanted);
  });
  return made.ok ? ok(join(made.value, ARCHIVE)) : made;
};
