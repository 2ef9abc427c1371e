import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { joinSignals, whenAborted } from '../core/signals.js';
import type { Authorized, Credentials } from './credentials.js';

/** Until when a certificate is good. */
export interface CertificateEnd {
  readonly name: string;
  /** ISO 8601. */
  readonly notAfter: string;
}

const PATIENCE_MS = 10_000;

const endOf = (name: string, validTo: string): CertificateEnd => ({
  name,
  notAfter: new Date(validTo).toISOString(),
});

/**
 * A connection of its own, through the proxy where there is one. One of the pool may have resumed an earlier session, and
 * then no certificate is shown.
 */
const connected = ({ agent, tls }: Authorized, server: string, signal: AbortSignal): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    whenAborted(signal, () => reject(new Error('nobody answered')));
    const { hostname, port } = new URL(server);
    const host = hostname.replace(/^\[|\]$/g, '');
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const options = { ...servername, ...tls, host, port: Number(port || '443') };
    const given = (error: Error | null, socket?: Duplex): void => {
      if (socket instanceof TLSSocket) resolve(socket);
      else reject(error ?? new Error('the connection is not encrypted'));
    };
    // Without a proxy it is there at once, else when the proxy has answered.
    const made = agent.createConnection(options, given);
    if (made instanceof TLSSocket) given(null, made);
  });

const shownBy = async (
  authorized: Authorized,
  server: string,
  signal: AbortSignal,
): Promise<CertificateEnd> => {
  const socket = await connected(authorized, server, signal);
  try {
    await once(socket, 'secureConnect', { signal });
    return endOf('of the API', socket.getPeerCertificate().valid_to);
  } finally {
    socket.destroy();
  }
};

/**
 * Ends of the certificate that the API shows and of the one in the kubeconfig. What cannot be seen is left out: the
 * requests to the API say why.
 */
export const certificateEnds = async (
  credentials: Credentials,
  signal: AbortSignal,
): Promise<readonly CertificateEnd[]> => {
  const authorized = await credentials.authorize();
  if (!authorized.ok) return [];
  const { tls } = authorized.value;
  const { cert } = tls;
  const own =
    typeof cert === 'string' || Buffer.isBuffer(cert)
      ? [endOf('of the kubeconfig', new X509Certificate(cert).validTo)]
      : [];
  const limit = joinSignals([signal], PATIENCE_MS);
  try {
    return [await shownBy(authorized.value, credentials.server, limit.signal), ...own];
  } catch {
    return own;
  } finally {
    limit.release();
  }
};
