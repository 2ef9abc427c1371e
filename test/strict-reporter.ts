import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { missingCapabilities } from './missing-capabilities.js';

const nameOf = (test: TestCase): string =>
  `${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`;

const isExcused = (name: string): boolean =>
  missingCapabilities.some(
    ({ tests, isMissing }) => tests.some((start) => name.startsWith(start)) && isMissing(),
  );

const offence = (test: TestCase): string | undefined => {
  const name = nameOf(test);
  if (test.result().state === 'skipped' && !isExcused(name)) return `skipped: ${name}`;
  const retries = test.diagnostic()?.retryCount ?? 0;
  return retries > 0 ? `passed only after ${retries} retries: ${name}` : undefined;
};

/** Tests that do not run prove nothing: under `npm run verify` they fail the run unless a missing capability excuses them. */
const judge = (tests: readonly TestCase[]): void => {
  const offences = tests.map(offence).filter((text) => text !== undefined);
  if (offences.length === 0) return;
  process.stderr.write(
    `\nTests that did not prove anything (test/missing-capabilities.ts lists the only excuses):\n`,
  );
  for (const text of offences) process.stderr.write(`  ${text}\n`);
  process.exitCode = 1;
};

/** Counts the tests for the closing line of `npm test`. Only under `npm run verify`, so that one test can be run alone. */
export default (): Reporter => {
  const counts = process.env.DROVER_TEST_COUNTS;
  return {
    onTestRunEnd: (modules: readonly TestModule[]) => {
      if (counts === undefined) return;
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const states = tests.map((test) => test.result().state);
      const passed = states.filter((state) => state === 'passed').length;
      const failed = states.filter((state) => state === 'failed').length;
      const broken = modules.filter(
        (module) => module.state() === 'failed' && module.errors().length > 0,
      ).length;
      appendFileSync(counts, `${passed} ${failed + broken}\n`);
      judge(tests);
    },
  };
};
