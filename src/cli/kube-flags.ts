import { resolve } from 'node:path';
import type { ClusterAccess } from '../spec/schema/migration.js';
import type { CommandContext, Flag, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

/** kubectl's own names for which cluster is meant. */
export const kubeFlags: readonly Flag[] = [
  { name: 'kubeconfig', value: 'FILE', summary: 'Kubeconfig; default: as kubectl finds it' },
  { name: 'context', value: 'NAME', summary: 'Context in it; default: the current one' },
  { name: 'as', value: 'USER', summary: 'User to impersonate' },
];

export const namespaceFlag: Flag = {
  name: 'namespace',
  short: 'n',
  value: 'NAME',
  repeatable: true,
  summary: 'Only this namespace and what it needs of the whole cluster; may be repeated',
};

/** What the flags say, over what a spec says. */
export const accessOf = (
  { flags }: ParsedArguments,
  { cwd }: CommandContext,
  spec: ClusterAccess = {},
): ClusterAccess => {
  const kubeconfig = textFlag(flags, 'kubeconfig');
  const context = textFlag(flags, 'context');
  const as = textFlag(flags, 'as');
  return {
    ...spec,
    ...(kubeconfig === undefined
      ? {}
      : {
          kubeconfig: kubeconfig
            .split(':')
            .map((path) => resolve(cwd, path))
            .join(':'),
        }),
    ...(context === undefined ? {} : { context }),
    ...(as === undefined ? {} : { as }),
  };
};
