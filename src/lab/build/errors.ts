import { type DroverError, defineErrors } from '../../core/error.js';

const WITHOUT_GO =
  'A real K3s program needs no Go: `drover lab up --cluster --k3s /path/to/k3s`, or `--k3s-url URL --sha256 HEX` to download one. Its images come from the air-gap archive that is published beside it: `--k3s-images PATH`. The lab is then marked "not rehearsed by this version".';

/** Errors of `drover lab build`. */
export const buildErrors = defineErrors({
  'lab-go-missing': {
    title: 'Go is not installed',
    exit: 'failure',
    explain: `The Kubernetes of the lab is compiled once, from Go modules, into your own cache. Install Go 1.21 or later (https://go.dev/dl); a newer one is fetched by Go itself when a program needs it.\n\n${WITHOUT_GO}`,
  },
  'lab-go-old': {
    title: 'Go is too old',
    exit: 'failure',
    explain: `Go 1.21 is the first that can fetch the newer Go that a program asks for.\n\n${WITHOUT_GO}`,
  },
  'lab-compile': {
    title: 'A program of the lab did not compile',
    exit: 'failure',
    explain: `Go's own last lines are shown. Most often the Go module proxy (\`go env GOPROXY\`) cannot be reached, or the disk is full. Nothing half-made is kept: the next build starts from what Go has cached.\n\n${WITHOUT_GO}`,
  },
  'lab-build-program': {
    title: 'No such program',
    exit: 'usage',
    explain:
      '`drover lab build --only NAME` builds one program; `drover lab build --help` lists their names.',
  },
  'lab-build-version': {
    title: 'No such version of the lab’s engine',
    exit: 'usage',
    explain:
      'The lab’s engine is compiled from Go modules whose versions and checksums are fixed: those of the lines in lab/engine/versions.json. Another release of a line, or another line, is one more entry there with its modules (`go run ./tools/gomod LINE`). A real K3s of any version can be used with `--k3s`.',
  },
  'lab-build-usage': {
    title: 'Options about K3s that contradict each other',
    exit: 'usage',
    explain:
      'A real K3s comes either from a file (--k3s) or from an address with its checksum (--k3s-url and --sha256); --k3s-images goes with either. `lab up` takes them together with --cluster.',
  },
  'lab-build-source': {
    title: 'The sources of the lab cannot be read',
    exit: 'failure',
    explain:
      'The directory lab/ belongs to Drover and holds the modules that are compiled. Reinstall Drover when it is missing or damaged.',
  },
  'lab-images-folder': {
    title: 'The folder of further images has none',
    exit: 'usage',
    explain:
      '`DROVER_LAB_IMAGES` names a folder with archives of images that the lab cannot make itself, for instance those of Calico and Cilium: `.tar`, `.tar.gz` or `.tar.zst` in the format of OCI or of `docker save`. The folder is not there, or holds no such file. Unset it to do without.',
  },
  'lab-k3s-program': {
    title: 'The given K3s program cannot be used',
    exit: 'failure',
    explain:
      'The file must be a K3s program for Linux on this machine’s processor: `FILE --version` must answer with `k3s version …`.',
  },
  'lab-k3s-download': {
    title: 'K3s could not be downloaded',
    exit: 'failure',
    explain:
      'The address is fetched as it is, redirects are followed. Nothing is kept of a download that broke off. A file fetched by other means can be given with `--k3s PATH`.',
  },
  'lab-k3s-checksum': {
    title: 'The downloaded K3s has another checksum than given',
    exit: 'failure',
    explain:
      'The download was thrown away. K3s publishes the SHA-256 of each release in `sha256sum-amd64.txt` (or -arm64) beside the program. A wrong version in the address, a proxy that answers with a page of its own, or a tampered file lead here.',
  },
  'lab-k3s-images': {
    title: 'The air-gap archive of K3s cannot be read',
    exit: 'failure',
    explain:
      'Every K3s release has an archive with its images, such as `k3s-airgap-images-amd64.tar.zst`. Hosts of a lab reach no registry: without the archive, and without Go to make the lab’s own images, nodes become Ready but no pod starts.',
  },
  'lab-images': {
    title: 'A container image of the lab could not be made',
    exit: 'failure',
    explain:
      'Images are made from compiled programs and from the lab’s root file system. The message says what was missing.',
  },
});

export type BuildErrorCode = keyof typeof buildErrors;

/** An error of a build; a build that fails changes nothing but Go's own cache. */
export const buildError = (
  code: BuildErrorCode,
  message: string,
  more: Omit<Partial<DroverError>, 'code' | 'message'> = {},
): DroverError => ({ code, message, state: 'nothing was changed', ...more });
