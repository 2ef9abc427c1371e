/**
 * What lines are found by. Each combination of values is a stream of its own with chunks of its own: things that differ
 * from request to request, or from start to start of a pod, stay in the line.
 */
export const LABELS: readonly string[] = ['namespace', 'pod', 'container', 'node'];
