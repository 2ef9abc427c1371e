import { defineConfig } from 'vitest/config';
import strictReporter from './test/strict-reporter.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'test/lab-long/**', 'test/k3s-interface/**', '**/node_modules/**'],
    testTimeout: 20_000,
    allowOnly: false,
    reporters: ['default', strictReporter()],
  },
});
