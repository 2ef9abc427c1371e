import type { Flag } from './command.js';

/** Flags that every command understands. */
export const globalFlags: readonly Flag[] = [
  { name: 'chdir', short: 'C', value: 'DIR', env: 'DROVER_CHDIR', summary: 'Work in this directory' },
  {
    name: 'lab',
    value: 'NAME',
    optionalValue: true,
    env: 'DROVER_LAB',
    summary: 'Work on a lab of this machine instead of real hosts; default: the one that is up',
  },
  { name: 'verbose', short: 'v', env: 'DROVER_VERBOSE', summary: 'Show every step of the work' },
  { name: 'quiet', short: 'q', env: 'DROVER_QUIET', summary: 'Show no progress, only the result and errors' },
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    env: 'DROVER_COLOR',
    summary: 'When to use colour; NO_COLOR and FORCE_COLOR are obeyed',
  },
  { name: 'no-color', summary: 'Same as --color never' },
  { name: 'no-input', env: 'DROVER_NO_INPUT', summary: 'Never ask; fail and name the missing flag instead' },
  { name: 'log-file', value: 'FILE', env: 'DROVER_LOG_FILE', summary: 'Append every event to this file' },
  {
    name: 'log-format',
    value: 'FORMAT',
    choices: ['text', 'json'],
    default: 'json',
    env: 'DROVER_LOG_FORMAT',
    summary: 'Format of the log file',
  },
];

/** For commands that read a spec. */
export const fileFlag: Flag = {
  name: 'file',
  short: 'f',
  value: 'FILE',
  env: 'DROVER_FILE',
  summary: 'Spec of the cluster; default: drover.yaml when it exists',
};

/** For commands that prove the network with pods of their own. */
export const imageFlag: Flag = {
  name: 'image',
  value: 'IMAGE',
  env: 'DROVER_VERIFY_IMAGE',
  summary:
    'Image of the pods that prove the network: busybox or one with its programs; default: spec.acceptance.image',
};

/** For commands whose result has several formats; the first is the default. */
export const outputFlag = (choices: readonly [string, ...string[]]): Flag => ({
  name: 'output',
  short: 'o',
  value: 'FORMAT',
  choices,
  default: choices[0],
  env: 'DROVER_OUTPUT',
  summary: 'Format of the result on stdout',
});

/** `--file FILE`, `--lab [NAME]`, `--passive`: a flag as help and docs write it. */
export const flagUsage = (flag: Flag): string => {
  if (flag.value === undefined) return `--${flag.name}`;
  return flag.optionalValue === true ? `--${flag.name} [${flag.value}]` : `--${flag.name} ${flag.value}`;
};

/** Of a migration. */
export const putBackFlag: Flag = {
  name: 'put-back',
  summary: 'Give workloads their replicas and CronJobs their schedule that an earlier restore held back',
};
