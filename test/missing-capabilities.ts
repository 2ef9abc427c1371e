import { spawnSync } from 'node:child_process';
import { imagesMissing } from './support/given-images.js';

/** Something that a machine may lack, without which certain tests cannot run at all. */
export interface MissingCapability {
  readonly id: string;
  readonly reason: string;
  /** Tests that may be skipped without it: the beginning of `FILE > SUITE > TEST`. */
  readonly tests: readonly string[];
  /** Confirms that the capability is really missing here; otherwise a skipped test fails the run. */
  readonly isMissing: () => boolean;
}

/**
 * The only reasons for which a test may be skipped. A skipped, retried or focused test that is not listed here, or
 * whose capability is there after all, fails `npm test`.
 */
export const missingCapabilities: readonly MissingCapability[] = [
  {
    id: 'go',
    reason:
      'the lab engine is written in Go; without it scripts/test-go.sh has nothing to run its tests with',
    tests: ['lab/engine'],
    isMissing: () => spawnSync('go', ['version']).status !== 0,
  },
  {
    id: 'network-namespaces',
    reason: 'the pair probes are tried on real kernels between network namespaces, which only root can make',
    tests: ['test/facts/probes/pairs.test.ts', 'test/facts/probes/life.test.ts'],
    isMissing: () => process.getuid?.() !== 0 || spawnSync('nft', ['--version']).status !== 0,
  },
  {
    id: 'images-of-calico',
    reason:
      'only Calico’s project makes its images; archives of v3.31.0 in DROVER_LAB_IMAGES bring them into labs',
    tests: ["test/lab/real-networks.test.ts > the real 'calico'"],
    isMissing: () => imagesMissing('calico').length > 0,
  },
  {
    id: 'images-of-calico-operator',
    reason:
      'only Calico’s project makes its images; archives of operator v1.40.0 and Calico v3.31.0 in DROVER_LAB_IMAGES bring them into labs',
    tests: ["test/lab/real-networks.test.ts > the real 'calico-operator'"],
    isMissing: () => imagesMissing('calico-operator').length > 0,
  },
  {
    id: 'images-of-cilium',
    reason:
      'only Cilium’s project makes its images; archives of v1.19.4 in DROVER_LAB_IMAGES bring them into labs',
    tests: ["test/lab/real-networks.test.ts > the real 'cilium'"],
    isMissing: () => imagesMissing('cilium').length > 0,
  },
];
