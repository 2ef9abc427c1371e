import type { z } from 'zod';

/** Parses JSON of a program and checks its shape; undefined when the text is none of that kind. */
export const parseJson = <Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): z.infer<Schema> | undefined => {
  if (text.trim() === '') return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};
