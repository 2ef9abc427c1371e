import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import type { DroverError } from '../../core/error.js';
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

const kubeconfigSchema = z.looseObject({
  clusters: z
    .array(
      z.looseObject({
        cluster: z.looseObject({ server: z.url(), 'certificate-authority-data': z.string() }),
      }),
    )
    .min(1),
  users: z.array(z.looseObject({ user: z.looseObject({}) })).min(1),
});

/** What a server's own kubeconfig says. */
export interface AdminAccess {
  /** The cluster's certificate authority, base64. */
  readonly authority: string;
  /** The administrator's keys, as they stand in the file. */
  readonly user: Readonly<Record<string, unknown>>;
  /** Port of the API on the servers. */
  readonly port: number;
}

/** Reads a server's kubeconfig; undefined when it is none, or only half written yet. Pure. */
export const readAccess = (text: string): AdminAccess | undefined => {
  const document = parseDocument(text);
  const read = kubeconfigSchema.safeParse(document.errors.length > 0 ? undefined : document.toJS());
  const [cluster, user] = [read.data?.clusters[0]?.cluster, read.data?.users[0]?.user];
  if (cluster === undefined || user === undefined) return undefined;
  const port = Number(new URL(cluster.server).port || '443');
  return { authority: cluster['certificate-authority-data'], user, port };
};

/** A kubeconfig that leads over a port of this machine's loopback. Pure. */
export const forwardedKubeconfig = (access: AdminAccess, lab: string, port: number): string => {
  const name = `drover-lab-${lab}`;
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'tls-server-name': TLS_NAME,
    'certificate-authority-data': access.authority,
  };
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster }],
      users: [{ name, user: access.user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    },
    { lineWidth: 0 },
  );
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
    const text = forwardedKubeconfig(access, plan.name, api.value.port);
    await writeFile(lab.paths.kubeconfig, text, { mode: 0o600 });
    await chmod(lab.paths.kubeconfig, 0o600);
    await giveToInvoker(context.env, lab.paths.kubeconfig);
    return ok(text);
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
