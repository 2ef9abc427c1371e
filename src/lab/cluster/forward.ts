import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { operatorNetns } from '../names.js';
import { inNetns } from '../network/netns.js';
import { identify, isAlive, type Process, signalProcess, waitForEnd } from '../processes.js';
import type { LabState } from '../state/schema.js';
import { makePrivateDir, type OpenLab } from '../state/store.js';
import type { ForwardConfig } from './forward-config.js';

const PROGRAM = join(import.meta.dirname, 'forward.main.js');

type Api = NonNullable<LabState['api']>;

const listenOn = async (port: number): Promise<Server | undefined> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  return Promise.race([
    once(server, 'listening').then(() => server),
    once(server, 'error').then(() => undefined),
  ]).catch(() => undefined);
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
};

/** Resolves with the child's next word; undefined when it ends instead. */
const word = (child: ChildProcess): Promise<unknown> =>
  Promise.race([
    once(child, 'message').then(([text]: unknown[]) => text),
    once(child, 'exit').then(() => undefined),
  ]);

/** Hands the listening socket to a process inside the lab; undefined when that process does not come up. */
const handOver = async (
  lab: OpenLab,
  config: ForwardConfig,
  server: Server,
): Promise<Process | undefined> => {
  const [configFile, logFile] = ['forward.json', 'forward.log'].map((name) => join(lab.paths.api, name));
  await writeFile(configFile ?? '', JSON.stringify(config), { mode: 0o600 });
  const log = await open(logFile ?? '', 'w', 0o600);
  const netns = operatorNetns(lab.state().plan);
  const [file, args] = inNetns(netns, [process.execPath, PROGRAM, configFile ?? '']);
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'ignore', log.fd, 'ipc'] });
  await log.close();
  if ((await word(child).catch(() => undefined)) !== 'waiting') return undefined;
  child.send('serve', server);
  const ready = await word(child);
  child.unref();
  return ready === 'ready' && child.pid !== undefined ? identify(child.pid) : undefined;
};

/**
 * The forwarder of a lab, started when it is not running; it keeps its port when that is still free.
 * @param apiPort port of the API on the servers
 */
export const ensureForward = async (
  context: LabContext,
  lab: OpenLab,
  apiPort: number,
): Promise<Result<Api, DroverError>> => {
  const { api, plan } = lab.state();
  if (api !== undefined && (await isAlive(api.process))) return ok(api);
  await makePrivateDir(context.env, lab.paths.api);
  const server = (await listenOn(api?.port ?? 0)) ?? (await listenOn(0));
  if (server === undefined) return err(labError('lab-command', 'No port of the loopback can be listened on'));
  const port = portOf(server);
  const servers = plan.hosts.filter(({ role }) => role === 'server').map(({ address }) => address);
  const forwarder = await handOver(lab, { servers, port: apiPort }, server);
  server.close();
  if (forwarder === undefined) {
    return err(
      labError('lab-command', 'The way to the API of the lab could not be opened', {
        hint: `see ${join(lab.paths.api, 'forward.log')}`,
      }),
    );
  }
  const made: Api = { process: forwarder, port };
  await lab.update((state) => ({ ...state, api: made }));
  return ok(made);
};

export const stopForward = async (context: LabContext, api: Api | undefined): Promise<void> => {
  if (api === undefined || !(await signalProcess(api.process, 'SIGTERM'))) return;
  if (!(await waitForEnd(api.process, context.clock, 2000))) await signalProcess(api.process, 'SIGKILL');
};
