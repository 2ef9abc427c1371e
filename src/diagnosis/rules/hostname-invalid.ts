import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

const NODE_NAME = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const hostnameInvalid = defineRule({
  code: 'hostname-invalid',
  title: 'A hostname cannot be a node name',
  severity: 'error',
  reads: ['identity'],
  explain: `Node names follow RFC 1123: lower-case letters, digits, dashes and dots, at most 63 characters. kubelet refuses names with underscores and
writes capital letters small, which then differ from what certificates say. \`localhost\` is no name either.`,
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  check: (context) => {
    const seen = observe(context, 'identity', ({ hostname }) =>
      NODE_NAME.test(hostname) && !/^localhost(\.|$)/.test(hostname)
        ? undefined
        : { text: `hostname ${JSON.stringify(hostname)}`, at: 'hostname' },
    );
    return findingIf(seen, () => ({
      title: `The hostname of ${where(seen)} cannot be a node name`,
      cause:
        'The name holds capital letters, underscores or other characters that RFC 1123 forbids, or was never set.',
      fix: step('host.hostname', 'name it as in the spec: hostnamectl set-hostname NAME'),
    }));
  },
});
