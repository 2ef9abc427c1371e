import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { labError } from '../errors.js';
import type { ExecOutput } from '../exec.js';

/** Until the console of a host that has just been switched on listens, greetings are repeated this often. */
const GREETING_MS = 300;

/** A host whose sshd answers has its console a moment later. */
const LISTENING_MS = 30_000;

/**
 * The lab's own line into a virtual machine: its second serial port. It works without network, sshd and logind, which
 * may be what a test has broken. One line is one order; `hello` and `run` are answered by one line that begins with
 * the number of the order. Scripts and what they print travel as base64 behind a letter, so that nothing is empty.
 */
export const CONSOLE_PROGRAM = `#!/bin/sh
stty -F /dev/ttyS1 raw -echo
exec 3<>/dev/ttyS1
cd /run
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
while read -r order number script <&3; do
  case $order in
    poweroff) exec systemctl poweroff ;;
    hello) echo "$number hello" >&3 ;;
    run)
      printf %s "$script" | base64 -d >drover-lab-script
      (cd / && exec sh -eu /run/drover-lab-script) </dev/null >drover-lab-out 2>drover-lab-err 3>&-
      echo "$number $? o$(base64 -w 0 drover-lab-out) e$(base64 -w 0 drover-lab-err)" >&3
      ;;
  esac
done
`;

export const CONSOLE_UNIT = `[Unit]
Description=Console of the lab

[Service]
ExecStart=/usr/local/sbin/drover-lab-console
Restart=always

[Install]
WantedBy=multi-user.target
`;

const text = (field: string): string => Buffer.from(field.slice(1), 'base64').toString();

/** The answer to an order among what the line said so far. Pure. */
export const parseAnswer = (said: string, number: string): 'hello' | ExecOutput | undefined => {
  const line = said.split('\n').findLast((one) => one.trimEnd().startsWith(`${number} `));
  if (line === undefined || !said.includes(`${line}\n`)) return undefined;
  const [, status = '', out = '', error = ''] = line.trimEnd().split(' ');
  if (status === 'hello') return 'hello';
  return { status: Number(status), stdout: text(out), stderr: text(error) };
};

const deaf = (host: string, what: string): DroverError =>
  labError('lab-host-power', `${host} does not answer on its console: ${what}`, {
    host,
    hint: 'wait until it has booted, or switch it off and on: `drover lab crash HOST`, `drover lab start HOST`',
  });

/** Runs a shell script as root in a virtual machine over its console. Others who talk to the same host wait their turn. */
export const runOnConsole = (
  socket: string,
  order: { readonly host: string; readonly script: string; readonly timeoutMs: number },
): Promise<Result<ExecOutput, DroverError>> =>
  new Promise((resolve) => {
    const number = randomBytes(6).toString('hex');
    const line = connect(socket);
    let said = '';
    let greeted = false;
    const end = (result: Result<ExecOutput, DroverError>): void => {
      clearInterval(greeting);
      clearTimeout(limit);
      line.destroy();
      resolve(result);
    };
    const greet = (): boolean => line.write(`\nhello ${number}\n`);
    const greeting = setInterval(greet, GREETING_MS);
    greet();
    let limit = setTimeout(() => end(err(deaf(order.host, 'nobody listens'))), LISTENING_MS);
    const send = (): void => {
      greeted = true;
      clearInterval(greeting);
      clearTimeout(limit);
      limit = setTimeout(() => end(err(deaf(order.host, 'the script did not end'))), order.timeoutMs);
      line.write(`run ${number}- ${Buffer.from(order.script).toString('base64')}\n`);
    };
    line.on('error', ({ message }) => end(err(deaf(order.host, message))));
    line.on('data', (data) => {
      said += data.toString('latin1');
      if (!greeted && parseAnswer(said, number) === 'hello') send();
      const answer = parseAnswer(said, `${number}-`);
      if (answer !== undefined && answer !== 'hello') end(ok(answer));
    });
  });
