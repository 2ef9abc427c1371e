import type { Evidence } from '../../core/events/finding.js';

/** One thing that a cluster network needs, and how it stands here. */
export interface Check {
  /** pass = proven · if = must be done first · fail = cannot be had here · unknown = was not measured. */
  readonly outcome: 'pass' | 'if' | 'fail' | 'unknown';
  /** The condition as a sentence; empty when it passes. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export const pass = (...evidence: readonly Evidence[]): Check => ({ outcome: 'pass', text: '', evidence });

export const needs = (text: string, ...evidence: readonly Evidence[]): Check => ({
  outcome: 'if',
  text,
  evidence,
});

export const impossible = (text: string, ...evidence: readonly Evidence[]): Check => ({
  outcome: 'fail',
  text,
  evidence,
});

export const unmeasured = (text: string): Check => ({ outcome: 'unknown', text, evidence: [] });
