import { parseDocument } from 'yaml';
import { z } from 'zod';

const adminSchema = z.looseObject({
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
  const read = adminSchema.safeParse(document.errors.length > 0 ? undefined : document.toJS());
  const [cluster, user] = [read.data?.clusters[0]?.cluster, read.data?.users[0]?.user];
  if (cluster === undefined || user === undefined) return undefined;
  const port = Number(new URL(cluster.server).port || '443');
  return { authority: cluster['certificate-authority-data'], user, port };
};
