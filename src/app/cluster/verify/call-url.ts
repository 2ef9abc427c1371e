import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { CallUrl, ShownCertificate, UrlAnswer, WantedUrl } from '../../../verify/urls.js';

/** As much of a body as is searched. */
const BODY_LIMIT = 256 * 1024;

const nameOf = (certificate: PeerCertificate['subject'] | undefined): string => {
  const name = certificate?.CN ?? certificate?.O;
  return Array.isArray(name) ? name.join(', ') : (name ?? 'no name');
};

const certificateOf = (socket: TLSSocket): ShownCertificate | undefined => {
  const shown = socket.getPeerCertificate();
  if (typeof shown.valid_to !== 'string') return undefined;
  const problem = socket.authorizationError as Error | string | null | undefined;
  return {
    subject: nameOf(shown.subject),
    issuer: nameOf(shown.issuer),
    expires: Date.parse(shown.valid_to),
    ...(socket.authorized ? {} : { problem: String(problem ?? 'not trusted') }),
  };
};

const bodyOf = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8');
};

const receive = async (answer: IncomingMessage): Promise<UrlAnswer> => {
  const { socket } = answer;
  const certificate = 'getPeerCertificate' in socket ? certificateOf(socket as TLSSocket) : undefined;
  return {
    status: answer.statusCode ?? 0,
    body: await bodyOf(answer),
    ...(certificate === undefined ? {} : { certificate }),
  };
};

/** Every name leads to this address; the name itself is still what is asked for. */
const leadingTo =
  (address: string): LookupFunction =>
  (_name, options, told) => {
    const family = isIP(address);
    if (options.all === true) told(null, [{ address, family }]);
    else told(null, address, family);
  };

const call = (wanted: WantedUrl, signal: AbortSignal): Promise<UrlAnswer> =>
  new Promise((resolve, reject) => {
    const url = new URL(wanted.url);
    // Any certificate is taken here: the socket tells afterwards whether it is trusted, which is judged and told.
    const options = {
      signal,
      rejectUnauthorized: false,
      headers: { 'user-agent': 'drover-verify' },
      ...(wanted.via === undefined ? {} : { lookup: leadingTo(wanted.via) }),
    };
    const onAnswer = (answer: IncomingMessage): void => void receive(answer).then(resolve, reject);
    const request =
      url.protocol === 'https:'
        ? httpsGet(url, { ...options, agent: false }, onAnswer)
        : httpGet(url, options, onAnswer);
    request.setTimeout(wanted.timeoutMs, () =>
      request.destroy(new Error(`no answer in ${wanted.timeoutMs} ms`)),
    );
    request.on('error', reject);
  });

/** Calls an address from this machine, without following redirects. */
export const callUrl: CallUrl = async (wanted, signal) => {
  try {
    return { ok: true, value: await call(wanted, signal) };
  } catch (problem) {
    return { ok: false, error: problem instanceof Error ? problem.message || problem.name : String(problem) };
  }
};
