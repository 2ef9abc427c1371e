import { z } from 'zod';
import { dateSchema } from './common.js';

const switchSchema = z.enum(['off', 'warn', 'enforce']);

/** Networks, ingress and operators live here: they need what applications must not have. */
const PLATFORM_NAMESPACES = [
  'kube-*',
  'calico-*',
  'tigera-operator',
  'cilium-*',
  'ingress-nginx',
  'traefik',
  'monitoring',
  'cert-manager',
  'local-path-storage',
  'vault',
  'drover-*',
] as const;

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
      'require-probes': switchSchema
        .default('warn')
        .describe('Containers say when they are ready and when they must be started again'),
      'require-limits': switchSchema
        .default('warn')
        .describe('Containers ask for CPU and memory and have a memory limit'),
      'no-latest-images': switchSchema.default('warn').describe('Images have a tag that stays, or a digest'),
      'no-default-account-rights': switchSchema
        .default('warn')
        .describe('Rights are given to named service accounts, not to those every pod gets'),
    })
    .prefault({})
    .describe('off, warn or enforce'),
  platformNamespaces: z
    .array(z.string().min(1))
    .default([...PLATFORM_NAMESPACES])
    .describe(
      'Namespaces of the platform itself, where the rules do not hold; `*` at the end stands for any rest',
    ),
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

/** Codes of the rules about workloads. */
export type PolicyRuleCode = keyof z.infer<typeof policySchema>['rules'];
