import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const nofileLow = defineRule({
  code: 'nofile-low',
  title: 'Few open files are allowed',
  severity: 'warning',
  reads: ['limits'],
  explain: `Services may open only few files at once. K3s, containerd and etcd hold thousands of sockets; their units raise the soft limit, but not above the hard limit of PID 1.`,
  check: (context) => {
    const seen = observe(context, 'limits', ({ nofileHard, fileMax }) => {
      if (nofileHard < 8192) return { text: `hard limit of open files: ${nofileHard}`, at: 'nofileHard' };
      return fileMax < 65536 ? { text: `fs.file-max ${fileMax}`, at: 'fileMax' } : undefined;
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'allows')} too few open files`,
      cause: 'DefaultLimitNOFILE, the container around the host or fs.file-max was set low.',
      fix: manual('set DefaultLimitNOFILE=65536:524288 in /etc/systemd/system.conf.d/limits.conf and reboot'),
    }));
  },
});
