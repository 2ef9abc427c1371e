import { defineCollector, type Parsed } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf, linesOf } from './blocks.js';

/** Paths and globs that steps own or must respect. */
const WATCHED = [
  '/etc/fstab',
  '/etc/chrony/sources.d/*.sources',
  '/etc/cloud/cloud.cfg',
  '/etc/cloud/cloud.cfg.d/99-drover.cfg',
  '/etc/hostname',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/systemd/resolved.conf.d/*.conf',
  '/etc/systemd/timesyncd.conf.d/*.conf',
  '/etc/modules-load.d/drover.conf',
  '/etc/sysctl.d/90-drover.conf',
  '/etc/sysctl.d/90-kubelet.conf',
  '/etc/ufw/ufw.conf',
  '/etc/ufw/user.rules',
  '/etc/ufw/user6.rules',
  '/etc/ufw/before.rules',
  '/etc/default/ufw',
  '/etc/haproxy/haproxy.cfg',
  '/etc/rancher/k3s/*.yaml',
  '/etc/rancher/k3s/config.yaml.d/*.yaml',
  '/etc/rancher/k3s/drover-*token',
  '/etc/systemd/system/drover-cni-bypass.service',
  '/etc/systemd/system/k3s*.service',
  '/etc/systemd/system/k3s*.service.env',
  '/usr/local/bin/k3s',
  '/usr/local/bin/kubectl',
  '/usr/local/bin/ctr',
  '/usr/local/bin/crictl',
  '/usr/local/bin/k3s-*.sh',
  '/usr/local/lib/drover/*',
  '/var/lib/rancher/k3s/agent/images/*',
  '/var/lib/rancher/k3s/drover-started',
  '/var/lib/rancher/k3s/server/cred/encryption-config.json',
] as const;

/** Bytes at each end that stand for a large file: reading binaries whole would cost a second on every host. */
export const SAMPLE = 1_048_576;

/** Written by Drover without any secret in it: compared with what the plan wants. */
const OWN = '*/50-drover.yaml';

/** Files whose content may hold secrets get a keyed digest. */
const SECRET = '*token | *.env | */k3s/*.yaml | */config.yaml.d/*';

const script = `
set --
for path in ${WATCHED.join(' ')}; do if [ -e "$path" ] || [ -h "$path" ]; then set -- "$@" "$path"; fi; done
if [ $# -eq 0 ]; then exit 0; fi
block stat; stat -c '%s %a %U:%G %n' "$@"
block links
for path do if [ -h "$path" ]; then printf '%s\\t%s\\n' "$path" "$(readlink "$path")"; fi; done
block flags; lsattr -d "$@" 2>/dev/null
block keyed
real=$(stat -L -c '%s %n' "$@" 2>/dev/null)
set --
while read -r size path; do
  if [ ! -f "$path" ]; then continue; fi
  if [ "$size" -gt ${SAMPLE} ]; then
    # A link to a large file says enough by its target, which is watched itself.
    if [ -h "$path" ]; then continue; fi
    sum=$( { head -c ${SAMPLE} "$path"; tail -c ${SAMPLE} "$path"; echo "$size"; } | sha256sum)
    echo "sampled:\${sum%% *} $path"
  else
    case $path in
      ${OWN}) set -- "$@" "$path" ;;
      ${SECRET}) echo "$(hmac <"$path") $path" ;;
      *) set -- "$@" "$path" ;;
    esac
  fi
done <<END
$real
END
if [ $# -gt 0 ]; then block sums; sha256sum "$@"; fi
true`;

/** Lines of `VALUE PATH`, by path. */
const byPath = (text: string, line: RegExp): ReadonlyMap<string, string> =>
  new Map(
    linesOf(text).flatMap((one): [string, string][] => {
      const found = line.exec(one);
      return found === null ? [] : [[found[2] ?? '', found[1] ?? '']];
    }),
  );

const parse = (stdout: string): Parsed<CollectorValue<'files'>> => {
  const block = blocksOf(stdout);
  const flags = byPath(block('flags'), /^([-A-Za-z]+)\s+(\/.*)$/);
  const digests = byPath(`${block('keyed')}\n${block('sums')}`, /^(\S+)\s+(\/.*)$/);
  const links = new Map(linesOf(block('links')).map((line) => line.split('\t') as [string, string]));
  const files: CollectorValue<'files'> = {};
  for (const line of linesOf(block('stat'))) {
    const [, size, mode, owner, path] = /^(\d+) (\d+) (\S+) (\/.*)$/.exec(line) ?? [];
    if (size === undefined || mode === undefined || owner === undefined || path === undefined) {
      return { error: `a line of files cannot be read: ${line}` };
    }
    const [link, digest] = [links.get(path), digests.get(path)];
    files[path] = {
      size: Number(size),
      mode: mode.padStart(4, '0'),
      owner,
      immutable: flags.get(path)?.includes('i') ?? false,
      ...(link === undefined || link === '' ? {} : { link }),
      ...(digest === undefined ? {} : { digest }),
    };
  }
  return { value: files };
};

/** State of the files that Drover's own steps write. */
export const files = defineCollector({
  id: 'files',
  title: 'files that steps own',
  volatile: false,
  needsRoot: true,
  script,
  parse: ({ stdout }) => parse(stdout),
});
