// `npm run bench [NAME…] [-- --OPTION=VALUE…]`: compiles bench/ and runs all benchmarks, or those that are named, one after the
// other. Options go to the benchmarks; each tells its own in its first lines.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const run = (program, ...args) => spawnSync(program, args, { stdio: 'inherit' }).status === 0;

if (!run('npm', 'run', '--silent', 'build') || !run('npx', 'tsc', '-p', 'tsconfig.bench.json')) process.exit(1);

// What the program reads at run time, beside its modules.
const isAsset = (path) => !path.endsWith('.ts');
for (const folder of ['src/facts/probes/agent', 'src/run', 'src/steps', 'lab/engine/scripts', 'lab/engine/images.json', 'lab/platform-images.json'])
  cpSync(folder, `.bench/${folder}`, { recursive: true, filter: isAsset });

const known = readdirSync('bench').filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3));
const isOption = (word) => word.startsWith('--');
const options = process.argv.slice(2).filter(isOption);
const wanted = process.argv.slice(2).filter((word) => !isOption(word));
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(64);
}

const failed = (wanted.length > 0 ? wanted : known).filter((name) => !run(process.execPath, `.bench/bench/${name}.js`, ...options));
if (failed.length > 0) {
  console.error(`failed or missed a promise: ${failed.join(', ')}`);
  process.exitCode = 1;
}
