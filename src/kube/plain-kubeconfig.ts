import { parse } from 'yaml';
import { z } from 'zod';
import type { Kubeconfig } from './kubeconfig.js';

/** Everything that may stand there; one word more is for a reader that knows more. */
const plainSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.strictObject({
        server: z.string().startsWith('https://'),
        'certificate-authority-data': z.base64(),
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.strictObject({ 'client-certificate-data': z.base64(), 'client-key-data': z.base64() }),
    }),
  ),
});

const parsed = (text: string): unknown => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

const plain = (data: string): Buffer => Buffer.from(data, 'base64');

const named = <T extends { readonly name: string }>(all: readonly T[], name: string): T | undefined =>
  all.find((each) => each.name === name);

/**
 * A kubeconfig as K3s and kubeadm write it: an authority and a client certificate that stand in it, and nothing else.
 * Undefined = there is more in it (plugins, tokens, proxies, files), which the Kubernetes client reads; that takes a third
 * of a second to load.
 */
export const plainKubeconfig = (text: string, chosen: string | undefined): Kubeconfig | undefined => {
  const config = plainSchema.safeParse(parsed(text));
  if (!config.success) return undefined;
  const { contexts, clusters, users, 'current-context': current } = config.data;
  const context = named(contexts, chosen ?? current);
  const cluster = named(clusters, context?.context.cluster ?? '')?.cluster;
  const user = named(users, context?.context.user ?? '')?.user;
  if (context === undefined || cluster === undefined || user === undefined) return undefined;
  const options = {
    ca: plain(cluster['certificate-authority-data']),
    cert: plain(user['client-certificate-data']),
    key: plain(user['client-key-data']),
  };
  return {
    context: context.name,
    server: cluster.server,
    tls: { rejectUnauthorized: true },
    options: () => Promise.resolve(options),
  };
};
