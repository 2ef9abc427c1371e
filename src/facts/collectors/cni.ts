import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { type Block, blockList, linesOf } from './blocks.js';

type Cni = CollectorValue<'cni'>;

const DEFAULT = { confDir: '/etc/cni/net.d', binDir: '/opt/cni/bin' };

/** The last `conf_dir = "…"` of a containerd file, or its counterpart of CRI-O. */
const settingOf = (text: string, names: string): string | undefined =>
  [...text.matchAll(new RegExp(`^\\s*(?:${names})\\s*=\\s*\\[?\\s*["']([^"']+)["']`, 'gm'))].at(-1)?.[1];

const readFromOf = ({ name, text }: Block): Cni['readFrom'] => {
  const [, runtime = '', source = ''] = name.split(' ');
  return [
    {
      runtime,
      confDir: settingOf(text, 'conf_dir|network_dir') ?? DEFAULT.confDir,
      binDir: settingOf(text, 'bin_dir|bin_dirs|plugin_dirs') ?? DEFAULT.binDir,
      source: source === '' ? 'default' : source,
    },
  ];
};

const fileOf = ({ name, text }: Block): Cni['files'][number] => {
  const field = (key: string): string | undefined => new RegExp(`^${key} (.+)$`, 'm').exec(text)?.[1];
  const type = field('type');
  const network = field('name');
  return {
    path: name.replace(/^file /, ''),
    ...(type === undefined ? {} : { type }),
    ...(network === undefined ? {} : { name: network }),
  };
};

export const cni = defineCollector({
  id: 'cni',
  title: 'CNI configuration and plugins',
  volatile: false,
  needsRoot: true,
  script: `
settings='^[[:space:]]*(conf_dir|bin_dirs?|network_dir|plugin_dirs)[[:space:]]*='
for pair in k3s:/var/lib/rancher/k3s/agent/etc/containerd/config.toml rke2:/var/lib/rancher/rke2/agent/etc/containerd/config.toml \\
  containerd:/etc/containerd/config.toml crio:/etc/crio/crio.conf; do
  file=\${pair#*:}
  if [ -f "$file" ]; then
    block "runtime \${pair%%:*} $file"
    cat "$file" "$file.d"/* 2>/dev/null | grep -A1 -E "$settings" | tr '\\n' ' ' | sed -E 's/(conf_dir|bin_dirs?|network_dir|plugin_dirs)/\\n\\1/g'
    echo
  fi
done
if has containerd && [ ! -f /etc/containerd/config.toml ]; then block "runtime containerd"; fi
for dir in /etc/cni/net.d /var/lib/rancher/k3s/agent/etc/cni/net.d /var/lib/rancher/rke2/agent/etc/cni/net.d; do
  for file in "$dir"/* "$dir"/.[!.]*; do
    if [ ! -f "$file" ]; then continue; fi
    block "file $file"
    case $file in
      *.conf|*.conflist|*.json|*.cilium_bak)
        for field in name type; do
          grep -oE "\\"$field\\"[[:space:]]*:[[:space:]]*\\"[^\\"]*\\"" "$file" | head -n 1 | sed -E "s/.*:[[:space:]]*\\"(.*)\\"/$field \\1/"
        done ;;
    esac
  done
done
block binaries
for dir in /opt/cni/bin /usr/lib/cni /usr/libexec/cni /var/lib/rancher/k3s/data/cni; do
  for file in "$dir"/*; do if [ -x "$file" ]; then echo "$file"; fi; done
done
true`,
  parse: ({ stdout }) => {
    const blocks = blockList(stdout);
    return {
      value: {
        readFrom: blocks.filter(({ name }) => name.startsWith('runtime ')).flatMap(readFromOf),
        files: blocks.filter(({ name }) => name.startsWith('file ')).map(fileOf),
        binaries: [...linesOf(blocks.find(({ name }) => name === 'binaries')?.text ?? '')],
      },
    };
  },
});
