import { defineConfig } from 'vitest/config';
import strictReporter from './test/strict-reporter.js';

/** Tests on lab hosts that wait for what Kubernetes takes minutes to notice: too long for every change, run before a release. */
export default defineConfig({
  test: {
    include: ['test/lab-long/**/*.test.ts'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 400_000,
    allowOnly: false,
    reporters: ['verbose', strictReporter()],
  },
});
