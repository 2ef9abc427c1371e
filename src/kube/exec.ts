import type { RawData } from 'ws';
import type { CallOptions, ExecOutput, KubeFailure, PodRef } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { joinSignals } from '../core/signals.js';
import { printable } from '../core/text.js';
import { bytes, CHANNEL, frame, openSocket } from './channels.js';
import type { Credentials } from './credentials.js';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

interface RawStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

const execPath = (pod: PodRef, command: readonly string[], stdin: boolean): string => {
  const search = new URLSearchParams(command.map((word): [string, string] => ['command', word]));
  search.set('stdout', 'true');
  search.set('stderr', 'true');
  search.set('stdin', String(stdin));
  if (pod.container !== undefined) search.set('container', pod.container);
  return `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/exec?${search.toString()}`;
};

/** The status channel is the only truth about how a command ended. */
const outcome = (text: string): Result<number, KubeFailure> => {
  let status: RawStatus;
  try {
    status = JSON.parse(text) as RawStatus;
  } catch {
    return err({ kind: 'server', message: 'the command ended without a readable status', causes: [] });
  }
  if (status.status === 'Success') return ok(0);
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code !== undefined) return ok(Number(code));
  return err({
    kind: 'server',
    message: printable(status.message ?? 'the command could not be run'),
    causes: [],
  });
};

/**
 * Runs a command in a pod. A connection that ends without a status is a failure even when output arrived: the
 * tail may be missing (kubernetes#124571). Bulk data needs framing of its own on top of this.
 */
export const execInPod = async (
  credentials: Credentials,
  pod: PodRef,
  command: readonly string[],
  options: CallOptions & { readonly stdin?: string | Uint8Array },
): Promise<Result<ExecOutput, KubeFailure>> => {
  const limit = joinSignals([options.signal], options.timeoutMs ?? 60_000);
  const opened = await openSocket(
    credentials,
    execPath(pod, command, options.stdin !== undefined),
    PROTOCOLS,
    limit.signal,
  );
  if (!opened.ok) {
    limit.release();
    return opened;
  }
  const socket = opened.value;
  const collected: Record<number, Buffer[]> = {
    [CHANNEL.stdout]: [],
    [CHANNEL.stderr]: [],
    [CHANNEL.status]: [],
  };
  return new Promise((resolve) => {
    socket.on('message', (data: RawData) => {
      const message = bytes(data);
      collected[message[0] ?? -1]?.push(message.subarray(1));
    });
    socket.on('close', () => {
      limit.release();
      const read = (channel: number): Buffer => Buffer.concat(collected[channel] ?? []);
      const kind = limit.timedOut() ? 'timed-out' : limit.signal.aborted ? 'cancelled' : 'server';
      const text = read(CHANNEL.status).toString();
      if (text === '') {
        resolve(err({ kind, message: 'the connection ended before the command did', causes: [] }));
        return;
      }
      const status = outcome(text);
      resolve(
        status.ok
          ? ok({ status: status.value, stdout: read(CHANNEL.stdout), stderr: read(CHANNEL.stderr) })
          : status,
      );
    });
    socket.on('error', () => {
      socket.terminate();
    });
    socket.resume();
    if (options.stdin !== undefined) {
      socket.send(frame(CHANNEL.stdin, Buffer.from(options.stdin)));
      // Only v5 can say "end of input"; with v4 the command must know how much it reads.
      if (socket.protocol === 'v5.channel.k8s.io') socket.send(Buffer.of(CHANNEL.close, CHANNEL.stdin));
    }
  });
};
