/** One thing in an image. Owner root and time 0 always: an image of the same parts has the same bytes. */
export type ImageEntry =
  | { readonly kind: 'file'; readonly path: string; readonly from: string; readonly mode: number }
  | { readonly kind: 'text'; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** An executable of this machine's disk, as `path` in the image. */
export const program = (path: string, from: string): ImageEntry => ({
  kind: 'file',
  path,
  from,
  mode: 0o755,
});
