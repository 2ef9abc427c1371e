/** A word as the shell takes it literally. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
