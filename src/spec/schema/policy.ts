import { z } from 'zod';
import { dateSchema } from './common.js';

const switchSchema = z.enum(['off', 'warn', 'enforce']);

/** Rules about workloads that a cluster holds its users to, and what is accepted nevertheless. */
export const policySchema = z.strictObject({
  rules: z
    .strictObject({
      'no-host-network': switchSchema.default('warn').describe('Applications do not use hostNetwork'),
      'no-host-port': switchSchema.default('warn').describe('Applications do not use hostPort'),
      'no-node-port': switchSchema.default('warn').describe('Services are not exposed as NodePort'),
      'no-daemonset-apps': switchSchema.default('warn').describe('Applications are not DaemonSets'),
      'no-hard-coded-addresses': switchSchema
        .default('warn')
        .describe('Applications find services by variables, not by addresses'),
      'no-stateful-services': switchSchema
        .default('off')
        .describe('Databases, queues and object stores stay outside the cluster'),
    })
    .prefault({})
    .describe('off, warn or enforce'),
  exceptions: z
    .array(
      z.strictObject({
        rule: z.string().min(1).describe('A rule above, or the code of an error or finding that is accepted'),
        reason: z
          .string()
          .min(10, 'expected a reason that another person understands')
          .describe('Why it is accepted'),
        until: dateSchema.describe('Last day on which it holds'),
        resources: z
          .array(z.string().min(1))
          .default([])
          .describe('Kubernetes objects it is limited to, as namespace/kind/name; empty = everywhere'),
      }),
    )
    .default([])
    .describe('What is accepted nevertheless, why, and until when'),
});
