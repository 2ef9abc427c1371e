import { isIPv6 } from 'node:net';
import { err, ok, type Result } from '../core/result.js';
import type { HostTarget } from '../core/ports/transport.js';

const HOST = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const USER = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const MAX_PORT = 65_535;

interface Parts {
  readonly user: string | undefined;
  readonly address: string;
  readonly port: string | undefined;
}

const split = (text: string): Parts => {
  const at = text.lastIndexOf('@');
  const rest = text.slice(at + 1);
  const user = at < 0 ? undefined : text.slice(0, at);
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(rest);
  if (bracketed !== null) return { user, address: bracketed[1] ?? '', port: bracketed[2] };
  // Several colons without brackets are an IPv6 address, never a port.
  if (isIPv6(rest)) return { user, address: rest, port: undefined };
  const [address = '', ...port] = rest.split(':');
  return { user, address, port: port.length === 0 ? undefined : port.join(':') };
};

/**
 * A host as it is given on the command line: `10.0.0.1`, `root@10.0.0.1:2222`, `deploy@k3s-1`, `root@[fd00::1]:22`.
 * The error is one sentence.
 */
export const parseHostArgument = (text: string): Result<HostTarget, string> => {
  const { user, address, port } = split(text);
  if (address === '') return err(`"${text}" names no host`);
  if (!isIPv6(address) && !HOST.test(address))
    return err(`"${address}" in "${text}" is no host name or address`);
  if (user !== undefined && !USER.test(user)) return err(`"${user}" in "${text}" is no user name`);
  const number = Number(port);
  if (port !== undefined && (!/^\d+$/.test(port) || number < 1 || number > MAX_PORT))
    return err(`"${port}" in "${text}" is no port (1 to ${MAX_PORT})`);
  return ok({
    name: address,
    address,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: number }),
  });
};
