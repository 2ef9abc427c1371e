const SECRET_WORD =
  '(?:pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential)';

const SECRET_NAME = new RegExp(SECRET_WORD, 'i');
/** Keys of the spec that name a secret or where it lies; their values are no secrets. */
const HARMLESS = /^(?:secrets?|pull_?secret|credentials|.*[-_]?file|.*[-_]ttl|secrets-encryption)$/i;

/** Does a variable or key of this name usually hold something that nobody may see? */
export const looksSecret = (name: string): boolean => SECRET_NAME.test(name) && !HARMLESS.test(name);

const MEMBER = /(["']?)([\w.-]+)\1(\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,{}[\]"'&*|>][^,{}]*)/g;
const URL_PASSWORD = /(:\/\/[^\s:@/]*:)([^\s@/]+)(@)/g;

const dots = (text: string): string => '•'.repeat(text.length);

/** A line of the user's file with secret values dotted out, of the same length so that carets stay in place. */
export const maskLine = (line: string): string =>
  line
    .replace(MEMBER, (whole: string, ...groups: string[]) => {
      const [quote = '', name = '', between = '', value = ''] = groups;
      return looksSecret(name) && !/^(?:true|false|null|~)\s*$/.test(value)
        ? `${quote}${name}${quote}${between}${dots(value)}`
        : whole;
    })
    .replace(
      URL_PASSWORD,
      (_, before: string, password: string, after: string) => before + dots(password) + after,
    );
