import { expect, it } from 'vitest';
import { bugBanner } from '../../src/cli/bug.js';

it('shows a bug apart from errors, without paths of the home', () => {
  const error = new Error('cannot read x of undefined');
  error.stack = 'Error: cannot read x of undefined\n    at f (/home/ada/drover/dist/a.js:1:2)';
  expect(
    bugBanner(error, {
      version: '0.1.0',
      node: '20.19.0',
      platform: 'linux x64',
      command: 'doctor',
      home: '/home/ada',
    }),
  ).toMatchInlineSnapshot(`
    "
    ━━ This is a bug in Drover, not something you did ━━

    command  doctor
    version  drover 0.1.0, node 20.19.0, linux x64
      Error: cannot read x of undefined
          at f (~/drover/dist/a.js:1:2)

    Please report the lines above. They hold no path of your home and no argument of the command;
    read them through before you send them.
    "
  `);
});
