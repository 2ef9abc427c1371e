export const KUBECTL = 'k3s kubectl';

/** Makes a deployment whose only pod is on the host, and may come up on any other: a command for a server. */
export const spread = (host: string, name = `web-${host}`): string => {
  const affinity = `{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":100,"preference":{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["${host}"]}]}}]}}`;
  const container =
    '{"name":"web","image":"docker.io/rancher/mirrored-library-busybox:1.37.0","command":["sleep","100000"]}';
  const labels = `{"app":"${name}"}`;
  const object = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"${name}","namespace":"default"},"spec":{"selector":{"matchLabels":${labels}},"template":{"metadata":{"labels":${labels}},"spec":{"terminationGracePeriodSeconds":0,"affinity":${affinity},"containers":[${container}]}}}}`;
  return `echo '${object}' | ${KUBECTL} apply -f -`;
};
