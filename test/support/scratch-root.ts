import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunOutput, Transport } from '../../src/core/ports/transport.js';
import { ok } from '../../src/core/result.js';

/** Files by absolute path; a path that ends in a slash is an empty directory. */
export type Tree = Readonly<Record<string, string>>;

/** Top directories that get a writable layer of their own; the rest stays this machine's. */
const LAYERS = ['/etc', '/var/lib'];

const write = (root: string, tree: Tree): void => {
  for (const [path, text] of Object.entries(tree)) {
    const at = join(root, path);
    mkdirSync(path.endsWith('/') ? at : dirname(at), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(at, text);
  }
};

/** In a mount namespace of its own: nothing of this is seen outside, and it ends with the shell. */
const enter = (root: string): string =>
  LAYERS.map((layer) => {
    const work = `${root}.work${layer}`;
    mkdirSync(join(root, layer), { recursive: true });
    mkdirSync(work, { recursive: true });
    return `mount -t overlay overlay -o lowerdir=${layer},upperdir=${join(root, layer)},workdir=${work} ${layer}`;
  }).join(' && ');

/** A transport whose host is this machine with other files in /etc and /var/lib. */
export const scratchHost = (tree: Tree, env: NodeJS.ProcessEnv = {}): Transport => ({
  run: (_target, script) =>
    new Promise((resolve, reject) => {
      const directory = mkdtempSync(join(tmpdir(), 'drover-root-'));
      const root = join(directory, 'root');
      write(root, tree);
      writeFileSync(join(directory, 'script'), script.text);
      const inside = `${enter(root)} && exec sh ${join(directory, 'script')}`;
      const own = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
      const child = spawn('unshare', [...own, 'sh', '-c', inside], { env: { ...process.env, ...env } });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.once('error', reject);
      child.once('close', (status) => {
        rmSync(directory, { recursive: true, force: true });
        const output: RunOutput = {
          status: status ?? 255,
          stdout: Buffer.concat(stdout),
          stderr: Buffer.concat(stderr),
          durationMs: 0,
        };
        resolve(ok(output));
      });
      child.stdin.end(script.data);
    }),
  open: () => Promise.reject(new Error('the scratch host holds no sessions')),
  dispose: () => Promise.resolve(),
});
