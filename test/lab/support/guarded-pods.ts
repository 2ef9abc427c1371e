/**
 * Two pods that begin on one node where it has room, of which a budget lets only one go at a time. They are called, and
 * labelled `app`, as `name` says; in the namespace `default`.
 */
export const guardedPods = (name: string, node: string, image: string): string => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name}, namespace: default }
spec: { minAvailable: 1, selector: { matchLabels: { app: ${name} } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              preference:
                matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [${node}] }]
      containers: [{ name: main, image: ${image}, command: [sleep, "86400"] }]`;
