/** What a terminal shows after these bytes: enough of it for cursor-up, erase-line and newlines. */
export const screenOf = (bytes: string): string => {
  const lines: string[] = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read here
  for (const part of bytes.split(/(\u001b\[\d*[A-Za-z]|\n)/)) {
    const code = /\[(\d*)([A-Z])/i.exec(part);
    if (part === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (part.startsWith('\u001b') && code?.[2] === 'A') {
      row = Math.max(0, row - Number(code[1]));
    } else if (part.startsWith('\u001b') && code?.[2] === 'K') {
      lines[row] = '';
    } else if (part !== '' && !part.startsWith('\u001b')) {
      lines[row] = part;
    }
  }
  return lines.join('\n').trimEnd();
};
