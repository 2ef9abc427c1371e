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

export const clock = defineCollector({
  id: 'clock',
  title: 'Clock',
  volatile: true,
  needsRoot: false,
  script: `
block now; date +%s.%N
block show; if has timedatectl; then limit 2 timedatectl show -p NTPSynchronized -p Timezone 2>/dev/null; fi
block zone; cat /etc/timezone 2>/dev/null || readlink /etc/localtime
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
        timezone: show.get('Timezone') ?? block('zone').replace(/^.*zoneinfo\//, ''),
      },
    };
  },
});
