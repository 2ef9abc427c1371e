import { defineCollector } from '../collector.js';
import { assignments, blocksOf, linesOf, numberOr } from './blocks.js';

/** `infinity` means the highest number of files that the kernel allows. */
const files = (text: string | undefined, most: number): number =>
  text === 'infinity' ? most : numberOr(text, 0);

/** "Max open files   1024   524288   files" of /proc/PID/limits. */
const ofInit = (line: string): readonly [string | undefined, string | undefined] => {
  const found = /Max open files\s+(\S+)\s+(\S+)/.exec(line);
  return [found?.[1], found?.[2]];
};

/** `fs/file-max:123` of grep, by the last part of the name. */
const numbersOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    linesOf(text).map((line) => {
      const [path = '', value = ''] = line.split(':');
      return [path.split('/').at(-1) ?? '', value];
    }),
  );

export const limits = defineCollector({
  id: 'limits',
  title: 'Limits of kernel and services',
  volatile: true,
  needsRoot: false,
  script: `
block numbers
cd /proc/sys && grep -sH '' net/netfilter/nf_conntrack_max net/netfilter/nf_conntrack_count fs/inotify/max_user_instances \\
  fs/inotify/max_user_watches fs/file-max fs/nr_open kernel/pid_max kernel/threads-max
manager=
if has systemctl; then manager=$(limit 2 systemctl show -p DefaultLimitNOFILE -p DefaultLimitNOFILESoft 2>/dev/null); fi
block manager; printf '%s\\n' "$manager"
if [ -z "$manager" ]; then block init; grep 'Max open files' /proc/1/limits 2>/dev/null; fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const numbers = numbersOf(block('numbers'));
    const manager = assignments(block('manager'));
    const read = (name: string): number => numberOr(numbers.get(name), 0);
    const [soft, hard] = ofInit(block('init'));
    const most = read('nr_open');
    const conntrackMax = numberOr(numbers.get('nf_conntrack_max'), undefined);
    const conntrackCount = numberOr(numbers.get('nf_conntrack_count'), undefined);
    return {
      value: {
        ...(conntrackMax === undefined ? {} : { conntrackMax }),
        ...(conntrackCount === undefined ? {} : { conntrackCount }),
        inotifyInstances: read('max_user_instances'),
        inotifyWatches: read('max_user_watches'),
        fileMax: read('file-max'),
        nofileSoft: files(manager.get('DefaultLimitNOFILESoft') ?? soft, most),
        nofileHard: files(manager.get('DefaultLimitNOFILE') ?? hard, most),
        pidMax: read('pid_max'),
        threadsMax: read('threads-max'),
      },
    };
  },
});
