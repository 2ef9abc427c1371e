import { defineConfig } from 'vitest/config';
import strictReporter from './test/strict-reporter.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'test/lab-long/**', 'test/k3s-interface/**', '**/node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for programs that they start; by itself vitest leaves one core idle, which is half of two.
    maxWorkers: '100%',
    allowOnly: false,
    reporters: ['default', strictReporter()],
  },
});
