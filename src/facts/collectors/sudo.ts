import { defineCollector } from '../collector.js';
import { blocksOf } from './blocks.js';

export const sudo = defineCollector({
  id: 'sudo',
  title: 'Rights of the login',
  volatile: false,
  needsRoot: false,
  script: `
block user; echo "\${SUDO_USER:-$(id -un)}"
block uid; id -u`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const uid = Number(block('uid'));
    if (block('uid') === '' || Number.isNaN(uid)) return { error: 'id printed no number' };
    return { value: { user: block('user'), uid, root: uid === 0 } };
  },
});
