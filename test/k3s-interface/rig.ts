import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HostTarget } from '../../src/core/ports/transport.js';
import { buildLab } from '../../src/lab/build/build.js';
import type { LabContext } from '../../src/lab/context.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { labTransport } from '../lab/support/transport.js';
import { systemClock } from '../support/ports.js';
import { REAL_K3S } from './behaviour.js';
import { zstdFrame } from './zstd.js';

/** How a script on a host ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  /** stdout and stderr together: K3s' words are on either. */
  readonly text: string;
}

/** What is put on a host before K3s starts there. */
export interface Setup {
  readonly role: 'server' | 'agent';
  /** Files by their path, e.g. /etc/rancher/k3s/config.yaml. */
  readonly files: Readonly<Record<string, string>>;
  /** Images for the air-gap folder: name → ending of the archive. */
  readonly images: Readonly<Record<string, 'tar' | 'tar.gz' | 'tar.zst'>>;
  /** Further words on the unit's command line. */
  readonly flags?: string;
  /** Lines of the unit's environment file. */
  readonly env?: string;
}

/** Bare hosts, the K3s under test, and ways to use both. Everything goes over ssh, as root. */
export interface Bed extends AsyncDisposable {
  run(host: string, script: string, data?: string | Uint8Array): Promise<Ran>;
  /** As `run`, for scripts that must succeed: what they printed, trimmed. */
  on(host: string, script: string, data?: string | Uint8Array): Promise<string>;
  /** Puts program, unit, scripts, files and images on a host, without starting anything. */
  install(host: string, setup: Setup): Promise<void>;
  /** `drover lab …` on this lab. */
  lab(...words: readonly string[]): Promise<string>;
}

const SCRIPTS = new URL('../../lab/engine/scripts/', import.meta.url);
const IMAGES = '/var/lib/rancher/k3s/agent/images';
const PROGRAM = '/opt/k3s-under-test';

const CONTEXT: LabContext = {
  env: process.env,
  emit: () => undefined,
  clock: systemClock,
  signal: new AbortController().signal,
};

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error, null, 2));
};

/** Paths in the cache of what the lab builds, made when they are missing. */
export const built = async (only?: readonly string[]) => {
  const k3s = REAL_K3S === undefined ? {} : { k3s: { kind: 'file', path: REAL_K3S } as const };
  return value(await buildLab({ ...k3s, ...(only === undefined ? {} : { only }) }, CONTEXT));
};

const packed = async (path: string, ending: string): Promise<Uint8Array> => {
  if (ending === 'tar') return readFile(path);
  const plain = await readFile(path);
  return ending === 'tar.gz' ? gzipSync(plain, { level: 1 }) : zstdFrame(plain);
};

const unitOf = ({ role }: Setup): string => (role === 'server' ? 'k3s' : 'k3s-agent');

const unitText = async (setup: Setup): Promise<string> => {
  const text = await readFile(new URL(`${unitOf(setup)}.service`, SCRIPTS), 'utf8');
  return text.replace(/^(ExecStart=.*)$/m, `$1 ${setup.flags ?? ''}`);
};

/** Everything of a setup as files. */
const filesOf = async (setup: Setup): Promise<Readonly<Record<string, string>>> => {
  const name = unitOf(setup);
  const script = (file: string) => readFile(new URL(file, SCRIPTS), 'utf8');
  return {
    [`/etc/systemd/system/${name}.service`]: await unitText(setup),
    [`/etc/systemd/system/${name}.service.env`]: setup.env ?? '',
    '/usr/local/bin/k3s-killall.sh': await script('k3s-killall.sh'),
    [`/usr/local/bin/${name}-uninstall.sh`]: await script('uninstall.sh'),
    ...setup.files,
  };
};

/** A lab with bare hosts under the name and on the network given, with the program under test on all of them. */
export const makeBed = async (choice: Parameters<typeof specFolder>[0]): Promise<Bed> => {
  const folder = await specFolder(choice);
  const products = await built();
  await must(['lab', 'up'], folder);
  const transport = await labTransport(choice.name);
  const address = (host: string): string => {
    const [kind, number] = host.split('-');
    return `${choice.net}.${(kind === 'server' ? 10 : 20) + Number(number)}`;
  };
  const target = (host: string): HostTarget => ({ name: host, address: address(host) });

  const run: Bed['run'] = async (host, text, data) => {
    const script = { text, title: 'k3s interface', ...(data === undefined ? {} : { data }) };
    const { status, stdout, stderr } = value(
      await transport.run(target(host), script, { timeoutMs: 120_000 }),
    );
    return { status, stdout: String(stdout), text: `${String(stdout)}${String(stderr)}` };
  };
  const on: Bed['on'] = async (host, script, data) => {
    const ran = await run(host, script, data);
    if (ran.status !== 0) throw new Error(`${host}: ${script}: ${ran.status}\n${ran.text}`);
    return ran.stdout.trim();
  };
  const put = (host: string, path: string, data: string | Uint8Array): Promise<string> =>
    on(host, `umask 077; mkdir -p "$(dirname ${path})"; cat >${path}`, data);

  const program = await readFile(products.k3s?.path ?? '');
  const hosts = [
    ...Array.from({ length: choice.servers }, (_, i) => `server-${i + 1}`),
    ...Array.from({ length: choice.agents }, (_, i) => `agent-${i + 1}`),
  ];
  await Promise.all(
    hosts.map((host) =>
      on(host, `cat >${PROGRAM}; chmod 755 ${PROGRAM}; ln -f ${PROGRAM} /usr/local/bin/k3s`, program),
    ),
  );

  return {
    run,
    on,
    lab: (...words) => must(['lab', ...words, '--lab', choice.name], folder),
    install: async (host, setup) => {
      const images = Object.entries(setup.images).map(async ([name, ending]) => {
        const { path } = products.images.find((image) => image.name === name) ?? { path: '' };
        await put(host, `${IMAGES}/${basename(path, '.tar')}.${ending}`, await packed(path, ending));
      });
      const files = Object.entries(await filesOf(setup)).map(([path, text]) => put(host, path, text));
      await Promise.all([...images, ...files]);
      await on(
        host,
        `ln -f ${PROGRAM} /usr/local/bin/k3s; ln -sf k3s /usr/local/bin/kubectl; ln -sf k3s /usr/local/bin/ctr
         chmod 755 /usr/local/bin/*.sh; systemctl daemon-reload; systemctl -q enable ${unitOf(setup)}`,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await transport[Symbol.asyncDispose]();
      await drover(['lab', 'down', choice.name], folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
