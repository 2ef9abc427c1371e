/** How a registry answered when it was asked for an image; `detail` = what it said, or why nobody knows. */
export type ImageAnswer =
  | { readonly kind: 'there' }
  | { readonly kind: 'absent'; readonly detail: string }
  | { readonly kind: 'denied'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Registries of images, asked from the operator’s machine. Reading only: nothing is pulled. */
export interface ImageRegistry {
  /** `image` is a whole name: `docker.io/library/nginx:1`. */
  readonly ask: (
    image: string,
    login: RegistryLogin | undefined,
    signal: AbortSignal,
  ) => Promise<ImageAnswer>;
}
