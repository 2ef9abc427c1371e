import { ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { count } from '../../core/text.js';
import { verifyFiles } from '../files/held-files.js';
import { inOrder } from '../outcome.js';
import { defineStep } from '../step.js';

const FOLDER = '/var/lib/rancher/k3s/agent/images';

/** An archive of images on the operator's machine. */
export interface ImageArchive {
  /** File name on the hosts. */
  readonly name: string;
  readonly local: string;
  readonly sha256: string;
  /** Digest as the files collector prints it: plain for small files, `sampled:…` for large ones. */
  readonly observed: string;
}

type Params = { readonly archives: readonly (ImageArchive & { readonly [key: string]: string })[] };
type State = { readonly digests: Readonly<Record<string, string>> };

const pathOf = (archive: ImageArchive): string => `${FOLDER}/${archive.name}`;

const missing = (state: State | undefined, { archives }: Params): Params['archives'] =>
  archives.filter((archive) => state?.digests[pathOf(archive)] !== archive.observed);

/** A K3s that runs reads its folder at its next start, and pods may want the images before. What it refuses waits for that. */
const importScript = (archives: Params['archives']): string =>
  [
    '[ -S /run/k3s/containerd/containerd.sock ] || exit 0',
    ...archives.map(
      (archive) =>
        `/usr/local/bin/k3s ctr -n k8s.io images import ${shellQuote(pathOf(archive))} >/dev/null 2>&1 || echo ${shellQuote(`${archive.name} waits for the next start`)}`,
    ),
  ].join('\n');

/** Puts image archives where K3s imports them from at its next start: hosts then pull nothing. */
export const k3sImages = defineStep<Params, State>({
  id: 'k3s.images',
  title: ({ archives }) =>
    `Put ${archives.length === 1 ? 'an archive' : `${archives.length} archives`} of images in place`,
  scope: 'host',
  reads: ['files'],
  risk: 'none',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 5 },
  timeoutMs: 900_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => {
    const files = world.hosts.get(subject.host ?? '')?.sections.files?.value;
    if (files === undefined) return undefined;
    const images = Object.entries(files).filter(([path]) => path.startsWith(`${FOLDER}/`));
    return { digests: Object.fromEntries(images.map(([path, { digest }]) => [path, digest ?? ''])) };
  },
  diff: (state, params) =>
    missing(state, params).map((archive) => {
      const what = pathOf(archive);
      if (state === undefined) return { kind: 'unknown', what };
      return { kind: state.digests[what] === undefined ? 'add' : 'change', what };
    }),
  apply: async (context, params, state) => {
    const host = context.on(context.subject.host ?? '');
    const uploads = missing(state, params).map((archive) => () => {
      context.progress(`uploading ${archive.name}`);
      return host.upload(archive.local, { path: pathOf(archive), mode: '0644', sha256: archive.sha256 });
    });
    const imported = () => host.change(importScript(missing(state, params)), { title: 'import images' });
    const done = await inOrder([...uploads, ...(uploads.length === 0 ? [] : [imported])]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, { archives }) => {
    const files = archives.map((archive) => ({
      path: pathOf(archive),
      mode: '0644',
      sha256: archive.sha256,
    }));
    const held = await verifyFiles(context, files);
    return held.ok ? ok({ text: `${count(archives.length, 'whole archive')} in ${FOLDER}` }) : held;
  },
});
