import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Seconds that files of lab tests took on four cores, beside two others. They need not be exact: what counts is that a
 * long one is not begun last, when the others have ended and it keeps everybody waiting for it alone.
 */
const SECONDS: Readonly<Record<string, number>> = {
  'survival.test.ts': 300,
  'build-journey.test.ts': 200,
  'change-network.test.ts': 300,
  'faults.test.ts': 400,
  'rollback.test.ts': 240,
  'sets.test.ts': 210,
  'verify.test.ts': 205,
  'steps-k3s.test.ts': 170,
  'secrets.test.ts': 140,
  'carry-objects.test.ts': 117,
  'applications.test.ts': 115,
  'monitoring.test.ts': 130,
  'alert-rules.test.ts': 15,
  'clean-cni.test.ts': 80,
  'one-server.test.ts': 115,
  'lab.test.ts': 95,
  'steps-host.test.ts': 200,
  'vault.test.ts': 90,
  'export.test.ts': 60,
  'cluster-host-gw.test.ts': 60,
  'routed.test.ts': 30,
  'build.test.ts': 20,
  'k3s-binary.test.ts': 20,
  'host-effects.test.ts': 5,
  'real-networks.test.ts': 1,
  'list.test.ts': 1,
};

/** Files that nobody has measured come first: they may be long. */
const secondsOf = ({ moduleId }: Pick<TestSpecification, 'moduleId'>): number =>
  SECONDS[moduleId.slice(moduleId.lastIndexOf('/') + 1)] ?? Number.POSITIVE_INFINITY;

export const longestFirst = <File extends Pick<TestSpecification, 'moduleId'>>(
  files: readonly File[],
): File[] =>
  [...files].sort((a, b) => Number(secondsOf(a) < secondsOf(b)) - Number(secondsOf(a) > secondsOf(b)));

/** Longest first, on every machine alike: by itself vitest knows durations only where the tests ran before. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(longestFirst(files));
  }
}
