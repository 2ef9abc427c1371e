import { didYouMean } from '../../core/did-you-mean.js';
import type { Handler } from '../command.js';
import { commands } from '../command-list.js';
import { commandHelp, groupHelp, rootHelp } from '../help.js';

const helpText = (path: string): string | undefined => {
  if (path === '') return rootHelp(commands);
  const command = commands.find(({ name }) => name === path);
  if (command !== undefined) return commandHelp(command);
  return commands.some(({ name }) => name.startsWith(`${path} `)) ? groupHelp(path, commands) : undefined;
};

export const run: Handler = ({ positionals }, { print }) => {
  const path = positionals.join(' ');
  const text = helpText(path);
  if (text !== undefined) {
    print(text);
    return Promise.resolve({ exit: 'ok' });
  }
  const meant = didYouMean(
    path,
    commands.map(({ name }) => name),
  );
  return Promise.resolve({
    exit: 'usage',
    errors: [
      {
        code: 'bad-usage',
        message: `unknown command '${path}'`,
        state: 'nothing was done',
        hint: meant === undefined ? 'drover help lists all commands' : `did you mean ${meant}?`,
      },
    ],
  });
};
