import { err, ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { Change } from '../change.js';
import { mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';
import { installation, installScript, LOCK_SECONDS } from './apt.js';

type Params = { readonly packages: readonly string[] };
type State = {
  readonly missing: readonly string[];
  /** `apt`, or what the host has instead. */
  readonly manager: string;
  readonly lockedBy: string | null;
};

/** `name=version` and `name:arch` count as `name`. */
const bare = (name: string): string => name.replace(/[=:/].*$/, '');

/** Packages of the spec: what is missing is installed by apt; what is there stays as it is. */
export const hostPackages = defineStep<Params, State>({
  id: 'host.packages',
  title: () => 'Install packages',
  scope: 'host',
  reads: ['packages'],
  risk: 'low',
  ...installation,
  observe: (world, subject, params) => {
    const seen = world.hosts.get(subject.host ?? '')?.sections.packages?.value;
    if (seen === undefined) return undefined;
    const installed = new Set(seen.installed);
    return {
      missing: params.packages.filter((name) => !installed.has(bare(name))),
      manager: seen.manager,
      lockedBy: seen.lockedBy ?? null,
    };
  },
  diff: (state, params) =>
    (state?.missing ?? params.packages).map(
      (name): Change => ({
        kind: state === undefined ? 'unknown' : 'add',
        what: `package ${name}`,
      }),
    ),
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    if (state !== undefined && state.manager !== 'apt')
      return err({
        class: 'person',
        code: 'step-not-here',
        host: name,
        message: `${name}: packages are installed by apt, which this host does not have (${state.manager})`,
        hint: `install ${state.missing.join(', ')} by hand`,
      });
    if (typeof state?.lockedBy === 'string')
      context.progress(`${state.lockedBy} holds the package manager; waiting up to ${LOCK_SECONDS} s`);
    const script = installScript(state?.missing ?? params.packages);
    const done = mustSucceed(name, 'install packages', await context.on(name).change(script));
    return done.ok ? ok({}) : done;
  },
  verify: async (context, { packages }) => {
    const name = context.subject.host ?? '';
    const names = packages.map(bare);
    const seen = await context
      .read(name)
      .read(
        `dpkg-query -W -f '\${db:Status-Status} \${Package} \${Version}\\n' ${names.map(shellQuote).join(' ')} 2>/dev/null`,
      );
    if (!seen.ok) return seen;
    const lines = seen.value.stdout.trim().split('\n');
    const missing = names.filter((each) => !lines.some((line) => line.startsWith(`installed ${each} `)));
    if (missing.length > 0) return notHeld(name, `${missing.join(', ')} not installed`);
    return ok({ text: lines.map((line) => line.replace(/^installed /, '')).join(', ') });
  },
});
