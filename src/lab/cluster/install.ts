import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import { SOURCES } from '../build/paths.js';
import { labError } from '../errors.js';
import { hostRoot, runInHost } from '../host/inside.js';
import type { LabHost, LabState } from '../state/schema.js';
import type { OpenLab } from '../state/store.js';
import { memberConfig } from './config.js';
import { SHARE_IN_HOST } from './share.js';

type ClusterState = NonNullable<LabState['cluster']>;

/** A file or a symbolic link that is put on a host. */
type Entry =
  | { readonly path: string; readonly text: string; readonly mode: number }
  | { readonly path: string; readonly link: string };

const BIN = '/usr/local/bin';
const IMAGES = '/var/lib/rancher/k3s/agent/images';

/** systemd's name of the engine on a host of this role. */
export const unitOf = (role: LabHost['role']): string => (role === 'server' ? 'k3s' : 'k3s-agent');

const script = (name: string): Promise<string> => readFile(join(SOURCES, 'engine', 'scripts', name), 'utf8');

const entriesOf = async (lab: OpenLab, host: LabHost, cluster: ClusterState): Promise<readonly Entry[]> => {
  const { plan } = lab.state();
  if (plan.cluster === undefined) throw new Error('a lab with a cluster has a plan of it');
  const unit = unitOf(host.role);
  const config = memberConfig(plan, host, { cluster: plan.cluster, token: cluster.token });
  return [
    { path: `${BIN}/k3s`, link: `${SHARE_IN_HOST}/k3s` },
    { path: `${BIN}/kubectl`, link: 'k3s' },
    { path: `${BIN}/ctr`, link: 'k3s' },
    { path: `${BIN}/k3s-killall.sh`, text: await script('k3s-killall.sh'), mode: 0o755 },
    { path: `${BIN}/${unit}-uninstall.sh`, text: await script('uninstall.sh'), mode: 0o755 },
    { path: `/etc/systemd/system/${unit}.service`, text: await script(`${unit}.service`), mode: 0o644 },
    { path: '/etc/rancher/k3s/config.yaml', text: config, mode: 0o600 },
    ...cluster.images.map((image) => ({
      path: `${IMAGES}/${image}`,
      link: `${SHARE_IN_HOST}/images/${image}`,
    })),
  ];
};

const put = async (root: string, entry: Entry): Promise<void> => {
  const path = join(root, entry.path);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  if ('link' in entry) return symlink(entry.link, path);
  await writeFile(path, entry.text, { mode: entry.mode });
  await chmod(path, entry.mode);
};

/** Puts program, unit, settings and images on a running host and starts the unit, without waiting for it. */
export const installMember = async (
  lab: OpenLab,
  host: LabHost,
  cluster: ClusterState,
): Promise<Result<void, DroverError>> => {
  const root = await hostRoot(lab, host.name);
  if (!root.ok) return root;
  for (const entry of await entriesOf(lab, host, cluster)) await put(root.value, entry);
  const unit = unitOf(host.role);
  const started = await runInHost(lab, host.name, `systemctl -q enable --now --no-block ${unit}`);
  if (!started.ok) return started;
  if (started.value.status === 0) return ok(undefined);
  return err(
    labError('lab-cluster', `${unit} could not be started on ${host.name}`, {
      host: host.name,
      cause: printable(started.value.stderr).trim(),
    }),
  );
};
