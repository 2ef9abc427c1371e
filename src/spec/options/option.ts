import type { Path } from '../path.js';

/** What is wrong with one key of `network.cni.options`. */
export interface OptionProblem {
  /** Below `options`. */
  readonly path: Path;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly cause?: string;
  /** The right way, as a hint. */
  readonly instead: string;
}

/** A leaf or branch of the options with its path; Helm values may be nested or dotted. */
export interface Option {
  readonly path: Path;
  /** Dotted name, e.g. `ipam.mode`. */
  readonly name: string;
  readonly value: unknown;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** All options with all their ancestors. */
export const flattenOptions = (options: unknown, path: Path = []): readonly Option[] => {
  if (!isMapping(options)) return [];
  return Object.entries(options).flatMap(([key, value]) => {
    const here = [...path, key];
    return [{ path: here, name: here.join('.'), value }, ...flattenOptions(value, here)];
  });
};
