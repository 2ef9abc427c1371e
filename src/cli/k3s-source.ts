import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { buildError } from '../lab/build/errors.js';
import type { K3sSource } from '../lab/build/k3s-binary.js';
import type { ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

const CHECKSUM = /^[0-9a-f]{64}$/i;

/** What K3s imports from its folder of images. */
const ARCHIVE = /\.(tar|tar\.gz|tgz|tar\.zst|tar\.bz2|tar\.lz4)$/;

interface Words {
  readonly path: string | undefined;
  readonly url: string | undefined;
  readonly sha256: string | undefined;
  readonly images: string | undefined;
}

const downloadProblems = ({ path, url, sha256 }: Words): readonly (string | false)[] => [
  path !== undefined && url !== undefined && '--k3s and --k3s-url exclude each other',
  url !== undefined && sha256 === undefined && '--k3s-url needs --sha256',
  url === undefined && sha256 !== undefined && '--sha256 belongs to --k3s-url',
  url !== undefined && !/^https?:\/\//.test(url) && '--k3s-url must be an http or https address',
  sha256 !== undefined && !CHECKSUM.test(sha256) && '--sha256 must be 64 hexadecimal digits',
];

const imageProblems = ({ path, url, images }: Words): readonly (string | false)[] =>
  images === undefined
    ? []
    : [
        path === undefined && url === undefined && '--k3s-images belongs to --k3s or --k3s-url',
        !ARCHIVE.test(images) && '--k3s-images must be a .tar, .tar.gz or .tar.zst',
      ];

/** Which real K3s the flags ask for, if any; contradictions and half-given pairs are refused together. */
export const k3sSource = (flags: ParsedArguments['flags']): Result<K3sSource | undefined, DroverErrors> => {
  const words = {
    path: textFlag(flags, 'k3s'),
    url: textFlag(flags, 'k3s-url'),
    sha256: textFlag(flags, 'sha256'),
    images: textFlag(flags, 'k3s-images'),
  };
  const problems = [...downloadProblems(words), ...imageProblems(words)].filter((one) => one !== false);
  const [first, ...rest] = problems.map((problem) => buildError('lab-build-usage', problem));
  if (first !== undefined) return err([first, ...rest]);
  const { path, url, sha256, images } = words;
  const more = images === undefined ? {} : { images };
  if (url !== undefined && sha256 !== undefined) return ok({ kind: 'url', url, sha256, ...more });
  return ok(path === undefined ? undefined : { kind: 'file', path, ...more });
};
