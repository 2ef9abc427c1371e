import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type AdminAccess, readAccess } from '../../core/admin-access.js';
import type { DroverError } from '../../core/error.js';
import { type KubeconfigEntry, withContext } from '../../core/kubeconfig.js';
import { err, ok, type Result } from '../../core/result.js';
import { type ChangeRequest, changeLab } from '../change.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { hostRoot, runInHost } from '../host/inside.js';
import { giveToInvoker, type OpenLab } from '../state/store.js';
import { ensureForward } from './forward.js';

/** Where K3s leaves the administrator's kubeconfig, and where kubeadm does. */
const PLACES = ['etc/rancher/k3s/k3s.yaml', 'etc/kubernetes/admin.conf'];

/** A name that every API server's certificate has, whatever address the connection goes to. */
const TLS_NAME = 'kubernetes';

const contextName = (lab: string): string => `drover-lab-${lab}`;

const forwardedEntry = ({ authority, user }: AdminAccess, port: number): KubeconfigEntry => ({
  cluster: {
    server: `https://127.0.0.1:${port}`,
    'tls-server-name': TLS_NAME,
    'certificate-authority-data': authority,
  },
  user,
});

/** A kubeconfig that leads over a port of this machine's loopback. Pure. */
export const forwardedKubeconfig = (access: AdminAccess, lab: string, port: number): string => {
  const name = contextName(lab);
  const { cluster, user } = forwardedEntry(access, port);
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    },
    { lineWidth: 0 },
  );
};

/** The lab's own file may have other contexts beside this one: those that `drover apply` puts in. */
const keep = async (
  context: LabContext,
  path: string,
  lab: string,
  entry: KubeconfigEntry,
): Promise<void> => {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const wanted = { ...entry, take: true };
  const merged = withContext(before, contextName(lab), wanted);
  const text = merged.ok ? merged : withContext(undefined, contextName(lab), wanted);
  if (!text.ok) throw new Error('an empty kubeconfig can be written');
  await writeFile(`${path}.new`, text.value, { mode: 0o600 });
  await chmod(`${path}.new`, 0o600);
  await giveToInvoker(context.env, `${path}.new`);
  await rename(`${path}.new`, path);
};

const readOnVm = async (lab: OpenLab, host: string): Promise<AdminAccess | undefined> => {
  const files = PLACES.map((place) => `cat /${place} 2>/dev/null`).join(' || ');
  const read = await runInHost(lab, host, files);
  return read.ok && read.value.status === 0 ? readAccess(read.value.stdout) : undefined;
};

const readOn = async (lab: OpenLab, host: string): Promise<AdminAccess | undefined> => {
  if (lab.state().plan.vm !== undefined) return readOnVm(lab, host);
  const root = await hostRoot(lab, host);
  if (!root.ok) return undefined;
  for (const place of PLACES) {
    const text = await readFile(join(root.value, place), 'utf8').catch(() => '');
    if (text !== '') return readAccess(text);
  }
  return undefined;
};

/** Makes the kubeconfig of a lab, keeps it in the lab's folder and returns its text. Starts the forwarder if needed. */
export const makeKubeconfig = async (
  context: LabContext,
  lab: OpenLab,
): Promise<Result<string, DroverError>> => {
  const { plan, hosts } = lab.state();
  for (const { name } of hosts.filter(({ role }) => role === 'server')) {
    const access = await readOn(lab, name);
    if (access === undefined) continue;
    const api = await ensureForward(context, lab, access.port);
    if (!api.ok) return api;
    await keep(context, lab.paths.kubeconfig, plan.name, forwardedEntry(access, api.value.port));
    return ok(forwardedKubeconfig(access, plan.name, api.value.port));
  }
  return err(
    labError('lab-no-cluster', `No running server of the lab '${plan.name}' has a kubeconfig`, {
      hint: '`drover lab up --cluster` makes a lab with a cluster; `drover lab status` shows which hosts run',
    }),
  );
};

/** A kubeconfig that works from the machine's own shell, and where it is kept. */
export interface LabKubeconfig {
  readonly text: string;
  readonly path: string;
}

export const labKubeconfig = (
  context: LabContext,
  request: ChangeRequest,
): Promise<Result<LabKubeconfig, DroverError>> =>
  changeLab(context, request, async (lab) => {
    const made = await makeKubeconfig(context, lab);
    return made.ok ? ok({ text: made.value, path: lab.paths.kubeconfig }) : made;
  });
