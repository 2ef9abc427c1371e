/**
 * The loader is the only thing of Drover that travels in argv. It says that it is ready, reads exactly as many
 * bytes of script as it was told from stdin, evaluates them, and reports the script's status on both streams.
 * What follows the script on stdin is the script's own input.
 *
 * The operator's side sends the script only after `ready`: until then it is certain that nothing has started, and
 * neither script nor data can reach a login shell, a forced command or a password prompt.
 */

/** Marks the loader's own lines, so that output of login scripts before and the script's in between are told apart. */
export const markerOf = (nonce: string): string => `drover-${nonce}`;

/**
 * `dd` with full blocks takes exactly one block and never reads ahead, unlike busybox's `head -c`; byte by byte
 * is the fallback for a dd without `iflag`. The full stop keeps the newlines at the end of the script. Holds no
 * single quote, backslash or exclamation mark: it must survive single quotes of sh, csh and fish.
 */
const loaderText = (nonce: string, bytes: number): string => {
  const mark = markerOf(nonce);
  return [
    'LC_ALL=C; export LC_ALL',
    'read -r d_stat < /proc/$$/stat; set -- $d_stat',
    `echo "${mark} ready $$ $5" >&2; echo "${mark} ready $$ $5"`,
    `d_text=$(dd bs=${bytes} count=1 iflag=fullblock 2>/dev/null || dd bs=1 count=${bytes} 2>/dev/null; echo .)`,
    'd_text=${d_text%.}; set --',
    `if [ \${#d_text} -eq ${bytes} ]; then ( unset d_stat; eval "$d_text" ); d_status=$?; else d_status=cut; fi`,
    `echo "${mark} end $d_status" >&2; echo "${mark} end $d_status"`,
  ].join('; ');
};

/** Becomes root unless it is root already; sudo may not ask. */
const AS_ROOT = 'if [ "$(id -u)" = 0 ]; then exec sh -c "$1"; fi; LC_ALL=C exec sudo -n -- sh -c "$1"';

export interface LoaderOptions {
  /** Random, unique per run. */
  readonly nonce: string;
  /** Length of the script in bytes. */
  readonly bytes: number;
  readonly sudo: boolean;
}

/** The command line for the remote login shell. */
export const loaderCommand = ({ nonce, bytes, sudo }: LoaderOptions): string => {
  const loader = loaderText(nonce, bytes);
  return sudo ? `sh -c '${AS_ROOT}' drover '${loader}'` : `sh -c '${loader}'`;
};

/** What the loader says first. */
export interface Ready {
  readonly pid: number;
  readonly processGroup: number;
}

/** Finds the loader's first line in what has arrived; `rest` is where the script's own output begins. */
export const findReady = (received: Buffer, marker: string): { ready: Ready; rest: number } | undefined => {
  const found = new RegExp(`${marker} ready (\\d+) (\\d+)\n`).exec(received.toString('latin1'));
  if (found === null) return undefined;
  return {
    ready: { pid: Number(found[1]), processGroup: Number(found[2]) },
    rest: found.index + found[0].length,
  };
};

/** Finds the loader's last line; `status` is undefined when the script did not arrive whole. */
export const findEnd = (
  received: Buffer,
  marker: string,
): { status: number | undefined; at: number } | undefined => {
  const at = received.lastIndexOf(`${marker} end `);
  if (at < 0) return undefined;
  const found = / end (\d+|cut)\n/.exec(received.toString('latin1', at, at + marker.length + 16));
  if (found === null) return undefined;
  return { status: found[1] === 'cut' ? undefined : Number(found[1]), at };
};

/** Ends the process group of a run that was given up; the nonce in argv proves that the number was not reused. */
export const killScript = (ready: Ready, marker: string): string => `
pid=${ready.pid}; group=${ready.processGroup}
grep -q '${marker}' "/proc/$pid/cmdline" 2>/dev/null || exit 0
case $(cat "/proc/$group/comm" 2>/dev/null) in
  sshd*|dropbear*) kill -s TERM "$pid"; exit 0 ;;
esac
# dash wants the dashes before a group, busybox refuses them
to_group() { kill -s "$1" -- "-$group" 2>/dev/null || kill -s "$1" "-$group" 2>/dev/null; }
to_group TERM
tries=0
while [ "$tries" -lt 20 ] && to_group 0; do tries=$((tries + 1)); sleep 0.1; done
to_group KILL
exit 0
`;
