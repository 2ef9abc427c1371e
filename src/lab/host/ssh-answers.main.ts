import { connect } from 'node:net';

/**
 * Program of its own, run inside a lab's network namespace: waits until sshd answers on every `ADDRESS:PORT`
 * of its arguments and prints each as soon as it does. Runs until it is killed or all have answered.
 */
const RETRY_MS = 40;
const ATTEMPT_MS = 1000;

/** One attempt: does something that speaks SSH answer? */
const speaksSsh = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ATTEMPT_MS, () => settle(false));
    socket.once('data', (data) => settle(data.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });

const waitFor = async (target: string): Promise<void> => {
  const [host = '', port] = target.split(':');
  while (!(await speaksSsh(host, Number(port)))) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  process.stdout.write(`${target}\n`);
};

await Promise.all(process.argv.slice(2).map(waitFor));
