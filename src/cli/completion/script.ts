import { RootCommand } from '@bomb.sh/tab';

/** Runs `work` while what it writes with console.log is kept: tab prints instead of returning. */
export const captureLog = (work: () => void): string => {
  const { log } = console;
  const lines: string[] = [];
  console.log = (...values: readonly unknown[]) => {
    lines.push(values.map(String).join(' '));
  };
  try {
    work();
  } finally {
    console.log = log;
  }
  return `${lines.join('\n')}\n`;
};

/** Script that makes a shell ask `drover complete -- WORDS…`. */
export const completionScript = (shell: 'bash' | 'zsh' | 'fish' | 'powershell'): string =>
  captureLog(() => new RootCommand().setup('drover', 'drover', shell));
