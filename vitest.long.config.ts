import { defineConfig } from 'vitest/config';
import strictReporter from './test/strict-reporter.js';

/**
 * Tests that take too long for every change: they wait for what Kubernetes takes minutes to notice, or run a cluster on an
 * emulated processor. `npm run test:long`, before a release.
 */
export default defineConfig({
  test: {
    include: ['test/lab-long/**/*.test.ts'],
    maxWorkers: 1,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    allowOnly: false,
    reporters: ['verbose', strictReporter()],
  },
});
