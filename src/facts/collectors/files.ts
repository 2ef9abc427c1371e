import { defineCollector, type Parsed } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';

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
  '/etc/rancher/k3s/*.yaml',
  '/etc/rancher/k3s/config.yaml.d/*.yaml',
  '/etc/rancher/k3s/drover-*token',
  '/etc/systemd/system/k3s*.service',
  '/etc/systemd/system/k3s*.service.env',
  '/usr/local/bin/k3s',
  '/usr/local/bin/kubectl',
  '/usr/local/bin/ctr',
  '/usr/local/bin/crictl',
  '/usr/local/bin/k3s-*.sh',
  '/var/lib/rancher/k3s/agent/images/*',
  '/var/lib/rancher/k3s/drover-started',
] as const;

/** Bytes at each end that stand for a large file: reading binaries whole would cost a second on every host. */
export const SAMPLE = 1_048_576;

/** Written by Drover without any secret in it: compared with what the plan wants. */
const OWN = '*/50-drover.yaml';

/** Files whose content may hold secrets get a keyed digest. */
const SECRET = '*token | *.env | */k3s/*.yaml | */config.yaml.d/*';

const script = `
for path in ${WATCHED.join(' ')}; do
  [ -e "$path" ] || [ -L "$path" ] || continue
  meta=$(stat -c '%s %a %U:%G' "$path")
  size=\${meta%% *}
  flags=$(lsattr -d "$path" 2>/dev/null | cut -d' ' -f1)
  case $flags in *i*) immutable=yes ;; *) immutable=no ;; esac
  digest=-
  if [ ! -f "$path" ]; then :
  elif [ "$size" -gt ${SAMPLE} ]; then
    digest=sampled:$( { head -c ${SAMPLE} "$path"; tail -c ${SAMPLE} "$path"; echo "$size"; } | sha256sum | cut -d' ' -f1)
  else
    case $path in
      ${OWN}) digest=$(sha256sum <"$path" | cut -d' ' -f1) ;;
      ${SECRET}) digest=$(hmac <"$path") ;;
      *) digest=$(sha256sum <"$path" | cut -d' ' -f1) ;;
    esac
  fi
  printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$path" "$meta" "$immutable" "$digest" "$(readlink "$path")"
done
`;

const parse = (stdout: string): Parsed<CollectorValue<'files'>> => {
  const files: CollectorValue<'files'> = {};
  for (const line of stdout.split('\n').filter((text) => text !== '')) {
    const [path, meta, immutable, digest, link] = line.split('\t');
    const [size, mode, owner] = (meta ?? '').split(' ');
    if (path === undefined || size === undefined || mode === undefined || owner === undefined) {
      return { error: `a line of files cannot be read: ${line}` };
    }
    files[path] = {
      size: Number(size),
      mode: mode.padStart(4, '0'),
      owner,
      immutable: immutable === 'yes',
      ...(link === undefined || link === '' ? {} : { link }),
      ...(digest === undefined || digest === '-' ? {} : { digest }),
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
