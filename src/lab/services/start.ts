import { spawn } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { gatewayNetns } from '../names.js';
import { inNetns } from '../network/netns.js';
import { identify, type Process, signalProcess, waitForEnd } from '../processes.js';
import { makePrivateDir, type OpenLab } from '../state/store.js';
import { servicesConfig } from './config.js';

const PROGRAM = join(import.meta.dirname, 'main.js');

const readyLine = async (stdout: Readable | null): Promise<boolean> => {
  if (stdout === null) return false;
  for await (const line of createInterface({ input: stdout })) if (line === 'ready') return true;
  return false;
};

/** Starts resolvers and package repository in the lab's gateway namespace and waits until they listen. */
export const startServices = async (
  context: LabContext,
  lab: OpenLab,
  repository: string,
): Promise<Result<Process, DroverError>> => {
  const folder = lab.paths.services;
  const [configFile, logFile] = [join(folder, 'config.json'), join(folder, 'log')];
  await makePrivateDir(context.env, folder);
  await writeFile(configFile, JSON.stringify(servicesConfig(lab.state().plan, repository)), { mode: 0o600 });
  const log = await open(logFile, 'w', 0o600);
  const [file, args] = inNetns(gatewayNetns(lab.state().plan), [process.execPath, PROGRAM, configFile]);
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', log.fd] });
  await log.close();
  const ready = await readyLine(child.stdout);
  child.stdout?.destroy();
  child.unref();
  const identity = child.pid === undefined ? undefined : await identify(child.pid);
  if (ready && identity !== undefined) return ok(identity);
  return err(
    labError('lab-command', 'The resolvers and the package repository of the lab did not start', {
      cause: printable(await readFile(logFile, 'utf8'))
        .trim()
        .split('\n')
        .slice(-5)
        .join('\n'),
    }),
  );
};

export const stopServices = async (context: LabContext, services: Process | undefined): Promise<void> => {
  if (services === undefined) return;
  await signalProcess(services, 'SIGTERM');
  if (await waitForEnd(services, context.clock, 2000)) return;
  await signalProcess(services, 'SIGKILL');
};
