import type { Fix, Severity } from '../../core/events/finding.js';
import { printable } from '../../core/text.js';
import { type Look, observe, ownsKernel } from '../access.js';
import { findingIf, where } from '../compose.js';
import type { Rule } from '../rule.js';

/** A line of the kernel's log that means something to a cluster. */
export interface KernelMessage {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  /** Matched against the text of the message. */
  readonly pattern: RegExp;
  /** Completes "The kernel of k3s-worker-01 …". */
  readonly says: string;
  readonly cause: string;
  readonly fix: Fix;
  readonly explain: string;
  readonly source?: string;
  readonly causes?: readonly string[];
}

/** Rules over the kernel's log. Containers see the log of the outer machine, so they are left out. */
export const kernelMessageRule = ({ pattern, says, cause, fix, ...rule }: KernelMessage): Rule => ({
  ...rule,
  reads: ['kernel', 'os'],
  check: (context) => {
    const seen = observe(context, 'kernel', ({ messages }, host): Look[] =>
      ownsKernel(host)
        ? messages
            .filter(({ text }) => pattern.test(text))
            .slice(-2)
            .map(({ text }) => ({ text: printable(text), at: 'messages' }))
        : [],
    );
    return findingIf(seen, () => ({ title: `The kernel of ${where(seen)} ${says}`, cause, fix }));
  },
});
