/** Facts for the report of a bug. */
export interface BugFacts {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** Name of the command; never its arguments, which may name hosts. */
  readonly command: string;
  readonly home: string;
}

/** A bug throws: the user sees that it is not their fault, and gets a report that holds no path of their home and no argument. */
export const bugBanner = (error: unknown, facts: BugFacts): string => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const stack = facts.home.length > 1 ? text.replaceAll(facts.home, '~') : text;
  return [
    '',
    '━━ This is a bug in Drover, not something you did ━━',
    '',
    `command  ${facts.command}`,
    `version  drover ${facts.version}, node ${facts.node}, ${facts.platform}`,
    ...stack.split('\n').map((line) => `  ${line}`),
    '',
    'Please report the lines above. They hold no path of your home and no argument of the command;',
    'read them through before you send them.',
    '',
  ].join('\n');
};
