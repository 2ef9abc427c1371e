import { toolVersion } from '../../app/version.js';
import { EVENT_INTERFACE } from '../../core/events/interface.js';
import type { Handler } from '../command.js';

export const run: Handler = (args, { print }) => {
  const version = { drover: toolVersion(), node: process.versions.node, events: EVENT_INTERFACE };
  if (args.flags['output'] === 'json') print(`${JSON.stringify(version)}\n`);
  else print(`drover ${version.drover} (node ${version.node}, events ${version.events})\n`);
  return Promise.resolve({ exit: 'ok' });
};
