import type { Result } from '../result.js';

export type FileFailure = {
  readonly kind: 'missing' | 'denied' | 'other';
  readonly path: string;
  readonly detail: string;
};

/** The operator machine's own files. Writes are atomic (temporary file, fsync, rename). */
export interface Files {
  read(path: string): Promise<Result<string, FileFailure>>;
  write(
    path: string,
    content: string,
    options?: { readonly mode?: number },
  ): Promise<Result<void, FileFailure>>;
  exists(path: string): Promise<boolean>;
}
