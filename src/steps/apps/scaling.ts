import type { KubeObject } from '../../core/ports/kube.js';
import { type Application, metaOf, selectorOf } from './input.js';

const metric = (name: 'cpu' | 'memory', percent: number): Readonly<Record<string, unknown>> => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization: percent } },
});

/** The autoscaler of an application that has one. */
export const autoscalerOf = (application: Application): readonly KubeObject[] => {
  const { hpa, name } = application;
  if (hpa === undefined) return [];
  return [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: metaOf(application),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: hpa.min,
        maxReplicas: hpa.max,
        metrics: [
          metric('cpu', hpa.cpu),
          ...(hpa.memory === undefined ? [] : [metric('memory', hpa.memory)]),
        ],
      },
    },
  ];
};

/** One pod at a time may be taken away; a single one may be, or its node could never be drained. */
export const budgetOf = (application: Application): readonly KubeObject[] =>
  (application.hpa?.min ?? application.replicas) < 2
    ? []
    : [
        {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: metaOf(application),
          spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(application) } },
        },
      ];
