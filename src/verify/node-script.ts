import { KUBELET_PORT, PROBE_PORT } from './probe-objects.js';

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
  /** How long the Service and DNS are tried again: nodes learn of a new Service after its pods are Ready. */
  readonly serviceWaitSeconds: number;
}

const line = (kind: string, to: string, seconds: number, command: string): string =>
  `try ${kind} ${to} ${seconds} ${command} &`;

// A first packet that found no Service keeps its way: each attempt is a new connection, and a short one.
// The kernel forbids routers to fragment an echo that fits its own interface; one that does not come back is asked
// for once only, because a second one would be fragmented by what the first one taught.
// A kubelet refuses plain HTTP in words: whoever hears them has reached the host on a port that firewalls must open.
const FUNCTIONS = `get() { wget -q -T "\${2:-4}" -O - "$1"; }
small() { get "http://$1:${PROBE_PORT}/node"; }
service() { get "http://$1/node" 2; }
host() {
  said=$(wget -T 4 -O - "http://$1:${KUBELET_PORT}/" 2>&1) && { echo answered; return; }
  case $said in *" 400 "*) echo answered ;; *) printf %s "$said" | tail -n 1; return 1 ;; esac
}
large() {
  mtu=$(get "http://$1:${PROBE_PORT}/mtu") || return 1
  ping -q -c 1 -W 4 -s $((mtu - 28)) "$1" >/dev/null || { echo "a packet of $mtu bytes did not come back"; return 1; }
  n=$(get "http://$1:${PROBE_PORT}/large" | wc -c); echo "a packet of $mtu bytes, a stream of $n"; [ "$n" -eq 65536 ]
}
name() { said=$(nslookup "$1" 2>&1); status=$?; printf %s "$said" | tail -n 2; return $status; }
flat() { printf %s "$1" | tr "\\n\\t" "  "; }
try() {
  kind=$1 to=$2 limit=$3 tries=1 failure= begin=$(date +%s); shift 3
  until out=$("$@" 2>&1); do
    failure=$(flat "$out")
    [ $(($(date +%s) - begin)) -lt "$limit" ] || { told no "$out"; return; }
    tries=$((tries + 1)); sleep 1
  done
  told ok "$out"
}
told() { printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$kind" "$to" "$1" "$tries" $(($(date +%s) - begin)) "$(flat "$2")" "$failure"; }`;

/**
 * Script that runs in every probe, all attempts at once: reaches each pod with a small answer, with one packet as large
 * as the pod's interface that must not be fragmented, and with a stream; each host; the Service; and the names that
 * DNS must answer. Prints a line per attempt for {@link parseAttempts}.
 */
export const nodeScript = ({ targets, serviceAddress, names, serviceWaitSeconds }: NodeScriptInput): string =>
  [
    FUNCTIONS,
    ...targets.flatMap(({ node, podAddress, hostAddress }) => [
      line('pod', node, 0, `small ${podAddress}`),
      line('pod-large', node, 0, `large ${podAddress}`),
      line('host', node, 0, `host ${hostAddress}`),
    ]),
    line('service', 'probe', serviceWaitSeconds, `service ${serviceAddress}`),
    ...names.map((name) => line('dns', name, serviceWaitSeconds, `name ${name}`)),
    'wait',
  ].join('\n');

export interface Attempt {
  readonly kind: string;
  readonly to: string;
  readonly ok: boolean;
  /** What the last try said. */
  readonly detail: string;
  readonly tries: number;
  readonly seconds: number;
  /** What the last failed try said; empty when none failed. */
  readonly failure: string;
}

/** Reads what {@link nodeScript} printed; lines that do not fit are left out. */
export const parseAttempts = (text: string): Attempt[] =>
  text.split('\n').flatMap((raw) => {
    const [kind, to, state, tries, seconds, detail, failure] = raw.split('\t');
    if (kind === undefined || to === undefined || failure === undefined) return [];
    if (state !== 'ok' && state !== 'no') return [];
    const said = { detail: detail?.trim() ?? '', failure: failure.trim() };
    return [{ kind, to, ok: state === 'ok', tries: Number(tries), seconds: Number(seconds), ...said }];
  });
