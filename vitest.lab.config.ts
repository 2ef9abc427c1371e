import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';
import strictReporter from './test/strict-reporter.js';

/**
 * Tests that boot real hosts: three files at a time, each with labs of its own. They wait more than they compute, but
 * share the machine's memory and cores.
 */
export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts', 'test/k3s-interface/**/*.test.ts'],
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 900_000,
    hookTimeout: 900_000,
    allowOnly: false,
    reporters: ['verbose', strictReporter()],
  },
});
