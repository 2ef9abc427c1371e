import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Whose lab it is: the person behind `sudo`, else the user of this process. */
export interface Invoker {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const homeOf = (uid: number): string | undefined => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((entry) => entry.split(':'))
    .find((entry) => entry[2] === String(uid));
  return line?.[5];
};

export const invokingUser = (env: Env): Invoker => {
  const self = userInfo();
  const own = { uid: self.uid, gid: self.gid, home: env.HOME ?? self.homedir };
  if (self.uid !== 0 || !/^\d+$/.test(env.SUDO_UID ?? '') || env.SUDO_UID === '0') return own;
  const uid = Number(env.SUDO_UID);
  const home = homeOf(uid);
  return home === undefined ? own : { uid, gid: Number(env.SUDO_GID ?? env.SUDO_UID), home };
};
