// Copies what the compiler leaves behind: files that the program reads at run time, beside its modules.
import { cp } from 'node:fs/promises';

const folders = ['facts/probes/agent', 'run', 'steps'];
const isAsset = (path) => !/\.ts$/.test(path);
for (const folder of folders) await cp(`src/${folder}`, `dist/${folder}`, { recursive: true, filter: isAsset });
