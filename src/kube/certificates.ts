import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';
import { joinSignals } from '../core/signals.js';
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

/** The certificate behind the pool of connections, which may lead through a proxy. */
const shownBy = (server: string, { agent }: Authorized, signal: AbortSignal): Promise<CertificateEnd> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(server), { agent, method: 'HEAD', signal }, (answer) => {
      answer.resume();
      const { socket } = answer;
      if (socket instanceof TLSSocket) resolve(endOf('of the API', socket.getPeerCertificate().valid_to));
      else reject(new Error('the connection is not encrypted'));
    });
    asked.on('error', reject);
    asked.end();
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
  const limit = joinSignals([signal], PATIENCE_MS);
  try {
    return [await shownBy(credentials.server, authorized.value, limit.signal), ...own];
  } catch {
    return own;
  } finally {
    limit.release();
  }
};
