import { HOST_PROBE_PORT, PROBE_PORT } from './probe-objects.js';

/** Another probe that this one shall reach. */
export interface Target {
  readonly node: string;
  readonly podAddress: string;
  readonly hostAddress: string;
}

export interface NodeScriptInput {
  readonly targets: readonly Target[];
  readonly serviceAddress: string;
  readonly names: readonly string[];
}

const line = (kind: string, to: string, command: string): string => `try ${kind} ${to} ${command} &`;

/**
 * Script that runs in every probe, all attempts at once: reaches each pod with a small and a large answer (a path
 * that only carries small packets fails the second), the Service, and the names that DNS must answer.
 * Prints `KIND TO ok|no DETAIL` lines.
 */
export const nodeScript = ({ targets, serviceAddress, names }: NodeScriptInput): string =>
  [
    'get() { wget -q -T 4 -O - "$1"; }',
    'small() { get "http://$1/node"; }',
    'large() { n=$(get "http://$1/large" | wc -c); echo "$n bytes"; [ "$n" -eq 65536 ]; }',
    'name() { nslookup "$1" 2>&1 | tail -n 2 | tr "\\n" " "; nslookup "$1" >/dev/null 2>&1; }',
    'try() { kind=$1 to=$2; shift 2; if out=$("$@" 2>&1); then echo "$kind $to ok $out"; else echo "$kind $to no $out"; fi; }',
    ...targets.flatMap(({ node, podAddress, hostAddress }) => [
      line('pod', node, `small ${podAddress}:${PROBE_PORT}`),
      line('pod-large', node, `large ${podAddress}:${PROBE_PORT}`),
      line('host', node, `small ${hostAddress}:${HOST_PROBE_PORT}`),
    ]),
    line('service', 'probe', `small ${serviceAddress}`),
    ...names.map((name) => line('dns', name, `name ${name}`)),
    'wait',
  ].join('\n');

export interface Attempt {
  readonly kind: string;
  readonly to: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Reads what {@link nodeScript} printed; lines that do not fit are left out. */
export const parseAttempts = (text: string): Attempt[] =>
  text.split('\n').flatMap((raw) => {
    const match = /^(\S+) (\S+) (ok|no) ?(.*)$/.exec(raw);
    return match === null
      ? []
      : [{ kind: match[1] ?? '', to: match[2] ?? '', ok: match[3] === 'ok', detail: match[4] ?? '' }];
  });
