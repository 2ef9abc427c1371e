import type { Kube } from '../core/ports/kube.js';
import { printable } from '../core/text.js';
import { type CheckResult, fail } from './check.js';
import { judgeAnswer, type UrlAnswer, type WantedUrl } from './urls.js';

export interface PodUrlInput {
  readonly kube: Kube;
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly signal: AbortSignal;
}

/** The address comes as an argument of the script, never as a part of it. */
const SCRIPT = 'exec wget -S -T "$2" -O - --no-check-certificate "$1" 2>&1';

/** What wget of busybox printed: headers of every answer on the way, then the last body. */
const parseWget = (said: string): UrlAnswer | undefined => {
  const statuses = [...said.matchAll(/HTTP\/[\d.]+ (\d{3})/g)].map(([, status]) => Number(status));
  const status = statuses.at(-1);
  return status === undefined ? undefined : { status, body: said };
};

/** Calls an address from inside a pod; busybox checks no certificates, the call from outside does. */
export const checkUrlFromPod = async (
  wanted: WantedUrl,
  { kube, pod, signal }: PodUrlInput,
): Promise<CheckResult> => {
  const seconds = Math.max(1, Math.ceil(wanted.timeoutMs / 1000));
  const command = ['sh', '-c', SCRIPT, 'sh', wanted.url, String(seconds)];
  const ran = await kube.exec(pod, command, { timeoutMs: wanted.timeoutMs + 10_000, signal });
  const part = {
    check: 'url',
    title: 'External addresses answer as the spec says',
    node: 'pod',
    to: wanted.url,
  };
  if (!ran.ok) return fail({ ...part, detail: ran.error.message });
  const said = ran.value.stdout.toString();
  const answer = parseWget(said);
  if (answer === undefined)
    return fail({ ...part, detail: printable(said).trim().slice(-200) || 'no answer' });
  return judgeAnswer(wanted, 'pod', answer);
};
