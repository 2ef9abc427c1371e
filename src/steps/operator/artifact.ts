/** Processors that K3s is published for, as its releases name them. */
export type Arch = 'amd64' | 'arm64';

/** Where a file comes from. `built` = made on this machine by Drover itself, used where it lies. */
export type ArtifactSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'built'; readonly path: string };

/** A K3s program. Whatever way it comes, its digest decides. */
export type Artifact = {
  /** `v1.36.4+k3s1`, as it must say of itself. */
  readonly version: string;
  readonly arch: Arch;
  readonly sha256: string;
  readonly source: ArtifactSource;
};

export const sourceText = (source: ArtifactSource): string =>
  source.kind === 'url' ? source.url : source.path;
