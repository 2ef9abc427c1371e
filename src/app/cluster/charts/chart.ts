import type { DroverErrors, SourceLocation } from '../../../core/error.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import type { Result } from '../../../core/result.js';

/** A release of a Helm chart as it is wanted. */
export interface ChartRequest {
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version: string;
  readonly repository: string;
  /** SHA-256 of the archive; default: the table of pins. */
  readonly digest?: string | undefined;
  /** An archive at hand, absolute: nothing is fetched. */
  readonly file?: string | undefined;
  /** Taken instead of the repository; the digest stays the same. */
  readonly mirror?: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  /** Version of the cluster that the chart is rendered for: `1.34.2`. */
  readonly kubeVersion?: string | undefined;
  /** Path in the spec, for errors: `spec.addons.charts[0]`. */
  readonly path: string;
  /** Finds the place of a spec path in the user's file. */
  readonly locate?: ((path: string) => SourceLocation | undefined) | undefined;
}

/**
 * Renders a chart: definitions first, then in the order of their kinds; hooks at their places, without tests. No
 * Secret with data is among the objects.
 */
export type RenderChart = (request: ChartRequest) => Promise<Result<readonly KubeObject[], DroverErrors>>;
