import { defineErrors } from '../core/error.js';

/** What a Kubernetes API can answer or fail to answer, by kind of failure. */
export const kubeErrors = defineErrors({
  'kube-unreachable': {
    title: 'The Kubernetes API cannot be reached',
    exit: 'kubernetes',
    explain:
      'No connection to the API server came about: it does not run, or a firewall stands in between. `drover doctor` looks at the hosts without the API.',
  },
  'kube-tls': {
    title: 'The certificate of the Kubernetes API is not trusted',
    exit: 'kubernetes',
    explain:
      'The certificate does not fit the authority in the kubeconfig, the address is not among its names, or it has expired. Drover never goes on without checking it.',
  },
  'kube-unauthorized': {
    title: 'The Kubernetes API does not know who asks',
    exit: 'auth',
    explain: 'The credentials in the kubeconfig are missing, expired or were replaced. Fetch a new one.',
  },
  'kube-forbidden': {
    title: 'The Kubernetes API does not allow this',
    exit: 'auth',
    explain:
      'The user of the kubeconfig lacks a right; the message names verb and resource. Ask for a role that has it.',
  },
  'kube-not-found': {
    title: 'An object is not there',
    exit: 'kubernetes',
    explain: 'The object, its namespace or its kind does not exist in this cluster.',
  },
  'kube-already-exists': {
    title: 'An object exists already',
    exit: 'kubernetes',
    explain: 'Something of the same name was there before. Drover does not take over what others made.',
  },
  'kube-conflict': {
    title: 'Somebody else changed or owns an object',
    exit: 'kubernetes',
    explain:
      'The object changed between reading and writing, or another field manager owns a field that differs. Drover tries again within bounds; a conflict of owners stays and is told by field.',
  },
  'kube-invalid': {
    title: 'The Kubernetes API refused an object',
    exit: 'kubernetes',
    explain: 'The object breaks a rule of the API or of an admission webhook; the causes name the fields.',
  },
  'kube-gone': {
    title: 'The Kubernetes API no longer knows this version of a list',
    exit: 'kubernetes',
    explain: 'The history that was asked for is compacted. The list is read again from its beginning.',
  },
  'kube-too-many-requests': {
    title: 'The Kubernetes API asks to slow down',
    exit: 'kubernetes',
    explain:
      'Priority and fairness, or an eviction that a PodDisruptionBudget forbids now. It is tried again.',
  },
  'kube-unavailable': {
    title: 'The Kubernetes API is not ready',
    exit: 'kubernetes',
    explain: 'The server, its etcd or a webhook does not answer now. It is tried again within bounds.',
  },
  'kube-timed-out': {
    title: 'The Kubernetes API did not answer in time',
    exit: 'kubernetes',
    explain: 'The request may or may not have had its effect; Drover looks before it asks again.',
  },
  'kube-cancelled': {
    title: 'A request to the Kubernetes API was cut off',
    exit: 'stopped',
    explain: 'The run was asked to stop while the request was on its way. Resume looks at the object again.',
  },
  'kube-server': {
    title: 'The Kubernetes API failed',
    exit: 'kubernetes',
    explain: 'The server answered with an error of its own; the message holds its words.',
  },
});
