import { defineErrors } from '../../core/error.js';

/** What planning a cluster can refuse. */
export const clusterErrors = defineErrors({
  'drill-refused': {
    title: 'The cluster would not bear the loss of the node',
    exit: 'preflight',
    explain:
      'A drill proves that a healthy cluster bears the loss of one node. It is refused where that is known to be untrue: fewer healthy voters of etcd would be left than writes need (counted over all that are registered, reachable or not), a new server has no vote yet, no other node is Ready, or the node is lost already.',
  },
  'drill-host-unknown': {
    title: 'No node has this name',
    exit: 'usage',
    explain: '`drover drill node-loss --host HOST` takes a server or an agent of the spec.',
  },
  'plan-refused': {
    title: 'The doctor found errors, so no plan was made',
    exit: 'preflight',
    explain:
      'A plan on top of broken hosts would fail half-way. Every finding of severity error blocks it. Mend them; a single one can be left out with `--ignore CODE`, which the plan records.',
  },
  'network-way-forbidden': {
    title: 'The way to another cluster network cannot be gone here',
    exit: 'preflight',
    explain:
      'Facts forbid the way that `spec.network.change.way` names, or the default one, node by node: they stand below the message. `drover doctor` lists all ways with their prices; choose another one, mend what stands against it, or name another network.',
  },
  'network-unclear': {
    title: 'Which cluster network runs cannot be told',
    exit: 'preflight',
    explain:
      'A change of the cluster network is for all nodes: settings of K3s have to be the same on all servers, and a node that keeps the former network is cut off. So it is planned only when every host of the spec was seen, and no third network is at work. Nothing was touched.',
  },
  'plan-distribution': {
    title: 'This version makes no plans for the distribution',
    exit: 'spec',
    explain: 'Plans are made for K3s.',
  },
  'plan-policy': {
    title: 'A plan would break the policy of the spec',
    exit: 'preflight',
    explain:
      'What the plan would apply was rendered and judged by `spec.policy.rules`. A rule that is set to `enforce` is broken by the object that is named; the line is that of the spec that it comes from. Nothing was changed.\n\nMend it there. What has to be accepted for a time stands in `spec.policy.exceptions`, with a reason and a last day; after that day the plan is refused again. `drover explain RULE` says what the rule is for.',
  },
  'plan-storage-class': {
    title: 'A volume asks for a storage class that the cluster does not have',
    exit: 'preflight',
    explain:
      'Nothing would make such a volume: the claim stays pending for ever, and the pods that mount it as well. `kubectl get storageclass` shows what there is. `addons.localPath` brings `local-path`, on the disks of the hosts; other classes come with charts of their own.',
  },
  'plan-secret-missing': {
    title: 'The store lacks values that applications are given',
    exit: 'preflight',
    explain:
      'Applications refer to secrets of `spec.secrets.declared`, and the encrypted store has no value for some of their keys. Without them their pods would not start. `drover secrets set SECRET KEY` asks for each, or makes one up with `--generate`.',
  },
  'plan-set-refused': {
    title: 'The cluster would refuse objects of a set',
    exit: 'preflight',
    explain:
      'Everything that Drover owns in a cluster is sent to its API as a dry run when a plan is made. The API does not take some of it: a field is unknown or wrong, a field cannot be changed once an object is there, a quota or a webhook stands in the way, or the object belongs to another set. No plan was made; change what the set is rendered from.',
  },
  'plan-not-written': {
    title: 'The plan could not be saved',
    exit: 'failure',
    explain: 'The file given with `--out` or `-o FILE.json` cannot be written. Nothing was changed.',
  },
  'plan-two-files': {
    title: 'Two files are named for one plan',
    exit: 'usage',
    explain:
      '`drover plan --out FILE` and `drover plan -o FILE.json` do the same: they save the plan, and print it as text. Give one of them; `-o json` prints it as JSON instead.',
  },
  'clean-hosts-unseen': {
    title: 'Hosts that could not be observed stand in the way of cleaning',
    exit: 'preflight',
    explain:
      'A cluster network that any host uses is kept on all hosts. A host that cannot be observed may use one that the others do not show, so nothing is planned. Make it reachable, or take it out of the spec if it is gone for ever.',
  },
  'cluster-no-kubeconfig': {
    title: 'No server gives its kubeconfig',
    exit: 'kubernetes',
    explain:
      'Drover reads `/etc/rancher/k3s/k3s.yaml` from the first server that has it, over SSH, and keeps it in memory. No server had one: the cluster is not built, or the servers cannot be reached.',
  },
  'proof-unwritable': {
    title: 'The proof of a verification cannot be kept',
    exit: 'failure',
    explain:
      'A proof is kept with the newest run of the cluster, or below `.drover/proofs`. The folder cannot be written; the result is printed all the same.',
  },
  'verify-time': {
    title: 'A time of `drover verify` is not understood',
    exit: 'usage',
    explain: '`--timeout` takes a whole number with a unit: `90s`, `5m`, `1h`.',
  },
  'plan-own-settings': {
    title: 'Your own settings of K3s contradict what the spec needs',
    exit: 'spec',
    explain:
      'Files in `/etc/rancher/k3s`, the environment file and the arguments of the unit that are not Drover’s stay as they are, and the plan shows which of them count. These cannot stay: they would win over a value on which the cluster is built (its ranges, its network, who founds and who joins), or Drover would lose them, because the unit that it writes has no arguments.\n\nWhat the cluster shall be belongs in the spec: `spec.network`, `spec.api`, or `spec.distribution.config`. Arguments of the unit that shall stay as they are belong in `/etc/rancher/k3s/config.yaml` on the host, which Drover leaves alone; a file that sorts behind `50-drover.yaml` wins over Drover’s own.',
  },
  'plan-processors': {
    title: 'The hosts have processors that K3s cannot be installed on together',
    exit: 'spec',
    explain:
      'One K3s program is installed on all hosts of a cluster, so all of them need one kind of processor: x86_64 or aarch64. `drover doctor` shows what each host has.',
  },
  'k3s-version-differs': {
    title: 'A K3s binary is not of the version that the spec asks for',
    exit: 'spec',
    explain:
      'The binary of `spec.distribution.source` was asked for its version. Change `spec.distribution.version`, or the source.',
  },
  'k3s-release-unknown': {
    title: 'The digests of a K3s release cannot be read',
    exit: 'spec',
    explain:
      'Releases publish a list of digests beside their binaries; it decides whether a download is right. The version may not exist, or the address cannot be reached from here: `spec.distribution.source` can name a file, an address with its digest, or a mirror instead.',
  },
});
