import { defineConfig } from 'vitest/config';
import strictReporter from './test/strict-reporter.js';

/** Tests that boot real hosts: one after the other, because they share the machine's memory and cores. */
export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts', 'test/k3s-interface/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    allowOnly: false,
    reporters: ['verbose', strictReporter()],
  },
});
