import { z } from 'zod';
import type { Look } from './patience.js';
import { GREETING } from './probe-objects.js';

const answerSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

/** A line as Loki has it. */
export interface LogLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Loki's answer about lines; throws on anything else. */
export const parseLines = (text: string): readonly LogLine[] =>
  answerSchema
    .parse(JSON.parse(text))
    .data.result.flatMap(({ stream, values }) =>
      values.map(([, line]) => ({ labels: stream, text: line.trimEnd() })),
    );

/** What finds the greetings of the probes of one verification. */
export const greetingsQuery = (namespace: string): string => `{namespace="${namespace}"} |= "${GREETING}"`;

/** The probe on the cluster network of a node said who it is: its line is there once, under the node's own name. */
export const lookAtGreeting = (node: string, lines: readonly LogLine[]): Look => {
  const own = lines.filter(
    ({ labels, text }) => text === `${GREETING}${node}` && labels['pod']?.startsWith('pod-') === true,
  );
  const [first] = own;
  if (first === undefined)
    return { good: false, detail: `what a pod on ${node} wrote has not arrived at Loki` };
  const from = first.labels['node'];
  if (from !== node)
    return {
      good: false,
      detail: `the line of a pod on ${node} is kept under ${from ?? 'no node'}`,
      final: true,
    };
  return own.length === 1
    ? { good: true, detail: `the line of ${first.labels['pod'] ?? ''} is there` }
    : { good: false, detail: `one line of a pod on ${node} is there ${own.length} times`, final: true };
};
