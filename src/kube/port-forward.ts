import { Duplex } from 'node:stream';
import type { RawData } from 'ws';
import type { CallOptions, KubeFailure, PodRef } from '../core/ports/kube.js';
import { ok, type Result } from '../core/result.js';
import { joinSignals, whenAborted } from '../core/signals.js';
import { bytes, frame, openSocket } from './channels.js';
import type { Credentials } from './credentials.js';

/**
 * One connection to a port of a pod. Channel 0 carries data, channel 1 errors; each begins with the port number
 * in two bytes, which is dropped.
 */
export const portForward = async (
  credentials: Credentials,
  pod: PodRef,
  port: number,
  options: CallOptions,
): Promise<Result<Duplex, KubeFailure>> => {
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/portforward?ports=${port}`;
  const limit = joinSignals([options.signal], options.timeoutMs ?? 15_000);
  const opened = await openSocket(credentials, path, ['v4.channel.k8s.io'], limit.signal);
  limit.release();
  if (!opened.ok) return opened;
  const socket = opened.value;
  // The limit was for opening alone; the caller's signal ends the stream as long as it lives.
  const cut = (): void => {
    socket.terminate();
  };
  const forget = options.signal === undefined ? undefined : whenAborted(options.signal, cut);
  const announced = new Set<number>();
  const stream = new Duplex({
    read: () => {
      socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => {
      socket.send(frame(0, chunk), done);
    },
    final: (done) => {
      socket.close();
      done();
    },
    destroy: (reason, done) => {
      socket.terminate();
      done(reason);
    },
  });
  socket.on('message', (data: RawData) => {
    const message = bytes(data);
    const channel = message[0] ?? 0;
    if (!announced.has(channel)) {
      announced.add(channel);
      return;
    }
    if (channel === 1) stream.destroy(new Error(message.subarray(1).toString()));
    else if (!stream.push(message.subarray(1))) socket.pause();
  });
  socket.on('close', () => {
    forget?.();
    stream.push(null);
  });
  socket.on('error', (reason) => stream.destroy(reason));
  socket.resume();
  return ok(stream);
};
