import { readFile } from 'node:fs/promises';
import { servicesConfigSchema } from './config.js';
import { serveDns } from './dns-server.js';
import { servePackages } from './package-server.js';

/**
 * Program of its own, started by `lab up` in the lab's gateway namespace and ended by `lab down`: resolvers and
 * package repository. Prints `ready` when everything listens.
 */
const config = servicesConfigSchema.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
await Promise.all([
  serveDns(config.dns, new Map(Object.entries(config.names))),
  servePackages(config.packages.address, config.packages.folder),
]);
process.stdout.write('ready\n');
