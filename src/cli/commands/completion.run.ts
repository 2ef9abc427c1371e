import { didYouMean } from '../../core/did-you-mean.js';
import type { Handler } from '../command.js';
import { completionScript } from '../completion/script.js';
import { SHELLS } from '../completion/shells.js';

export const run: Handler = ({ positionals }, { print }) => {
  const [asked = ''] = positionals;
  const shell = SHELLS.find((known) => known === asked);
  if (shell !== undefined) {
    print(completionScript(shell));
    return Promise.resolve({ exit: 'ok' });
  }
  const meant = didYouMean(asked, SHELLS);
  return Promise.resolve({
    exit: 'usage',
    errors: [
      {
        code: 'bad-usage',
        message: `no completion for the shell '${asked}'`,
        state: 'nothing was done',
        hint: meant === undefined ? `shells: ${SHELLS.join(', ')}` : `did you mean ${meant}?`,
      },
    ],
  });
};
