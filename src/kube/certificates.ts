import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { joinSignals } from '../core/signals.js';
import type { Credentials } from './credentials.js';

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
  const { hostname, port } = new URL(credentials.server);
  const host = hostname.replace(/^\[|\]$/g, '');
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ ...servername, ...tls, host, port: Number(port || '443') });
  const limit = joinSignals([signal], PATIENCE_MS);
  try {
    await once(socket, 'secureConnect', { signal: limit.signal });
    return [endOf('of the API', socket.getPeerCertificate().valid_to), ...own];
  } catch {
    return own;
  } finally {
    limit.release();
    socket.destroy();
  }
};
