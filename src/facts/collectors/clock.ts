import { defineCollector } from '../collector.js';
import { assignments, blocksOf, linesOf } from './blocks.js';

/** Process names (cut to 15 characters by the kernel) of time services. */
const SERVICES: Readonly<Record<string, string>> = {
  'systemd-timesyn': 'systemd-timesyncd',
  chronyd: 'chrony',
  ntpd: 'ntpd',
  openntpd: 'openntpd',
  ptp4l: 'ptp4l',
  phc2sys: 'phc2sys',
  vmtoolsd: 'vmtoolsd',
};

const hostTime = (text: string): number | undefined => {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (found === null) return undefined;
  return Number(found[1]) * 1000 + (found[2] === undefined ? 500 : Number(`0.${found[2]}`) * 1000);
};

const yes = (text: string | undefined): boolean | undefined =>
  text === undefined || text === '' ? undefined : text === 'yes';

/**
 * What timedatectl calls NTPSynchronized: adjtimex() works and its greatest error is below 16 s. Asked of the kernel:
 * timedatectl would start a service for it on every host. Its argument is the number of the system call.
 */
const SYNCHRONIZED = `
my $timex = pack("x256"); my $state = syscall($ARGV[0], $timex);
my $error = unpack("x24 q", $timex);
print "NTPSynchronized=", ($state >= 0 && $error < 16000000 ? "yes" : "no"), "\\n"`;

export const clock = defineCollector({
  id: 'clock',
  title: 'Clock',
  volatile: true,
  needsRoot: false,
  script: `
block now; date +%s.%N
block show
number=
case $MACHINE in x86_64) number=159 ;; aarch64) number=171 ;; esac
if [ -n "$number" ] && has perl; then perl -e '${SYNCHRONIZED}' "$number"
elif has timedatectl; then limit 2 timedatectl show -p NTPSynchronized 2>/dev/null; fi
block zone; readlink /etc/localtime || cat /etc/timezone 2>/dev/null || echo UTC
block processes
for comm in /proc/[0-9]*/comm; do
  if read -r name 2>/dev/null < "$comm"; then
    case $name in ${Object.keys(SERVICES).join('|')}) echo "$name" ;; esac
  fi
done 2>/dev/null
block after; date +%s.%N`,
  parse: ({ stdout, sentAt, receivedAt }) => {
    const block = blocksOf(stdout);
    // A date without %N leaves the letters, or a bare dot, behind: whole seconds are known to half a second.
    const text = block('now').replace(/\.(%?N)?$/, '');
    const now = hostTime(text);
    if (now === undefined) return { error: `date printed ${block('now')}` };
    // What ran between the two dates is no doubt about the first.
    const known = receivedAt - Math.max(0, (hostTime(block('after')) ?? now) - now);
    const show = assignments(block('show'));
    const synchronized = yes(show.get('NTPSynchronized'));
    const coarse = text.includes('.') ? 0 : 500;
    return {
      value: {
        skewMs: Math.round((now - (sentAt + known) / 2) * 10) / 10,
        uncertaintyMs: Math.round(((known - sentAt) / 2) * 10) / 10 + coarse,
        ...(synchronized === undefined ? {} : { synchronized }),
        services: [...new Set(linesOf(block('processes')).map((name) => SERVICES[name] ?? name))],
        // timedated keeps what it once read for half a minute.
        timezone: block('zone').replace(/^.*zoneinfo\//, '') || (show.get('Timezone') ?? ''),
      },
    };
  },
});
