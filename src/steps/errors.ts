import { defineErrors } from '../core/error.js';

/** Failures of steps, by code. */
export const stepErrors = defineErrors({
  'host-write-failed': {
    title: 'Drover cannot write on a host',
    exit: 'stopped',
    explain:
      'A file could not be written on the host: the disk is full, the file system is read-only, or a file is protected.\n\nThe action changed nothing that its restore point does not know. Free some space or lift the protection, then `drover apply --resume`.',
  },
  'drill-not-lost': {
    title: 'A node was not lost to the cluster',
    exit: 'stopped',
    explain:
      'K3s was stopped on the node for a drill, but the cluster went on hearing from it: the drill was interrupted for so long that the host’s own timer started K3s again. Take the run back (`drover rollback`), and begin anew.',
  },
  'drill-pods-stayed': {
    title: 'Pods of a lost node did not come up elsewhere in time',
    exit: 'stopped',
    explain:
      'Each workload that had pods on the node must have as many ready pods elsewhere within the budget. It is told which do not, and why as far as the scheduler says it: too little room, a rule that binds them to the node, or a patience with lost nodes that is longer than the budget. The node was put back.\n\nGive the drill a longer `--budget`, or the pods a shorter `tolerationSeconds`; or mend what keeps them.',
  },
  'drill-not-back': {
    title: 'A node does not become Ready after a drill',
    exit: 'stopped',
    explain:
      'K3s was started again after a drill, and the node is not Ready, or the vote of its etcd member does not count yet. `drover doctor` and the journal of K3s on the host say why; `drover apply --resume` waits again.',
  },
  'haproxy-refused': {
    title: 'HAProxy refuses its configuration',
    exit: 'stopped',
    explain:
      'Drover wrote a configuration from the load balancer of the spec and let HAProxy check it on its host (`haproxy -c`) before anything was swapped. HAProxy said no: its words are shown. The former configuration still stands and runs.\n\nAn old HAProxy may not know an option: `drover balancer NAME` prints the configuration, so that it can be tried by hand.',
  },
  'haproxy-port-taken': {
    title: 'A port of a load balancer is taken',
    exit: 'stopped',
    explain:
      'Another program listens where the load balancer of the spec shall listen: its name is shown. Nothing was changed. Move or stop it, or give the listener another port, then `drover apply --resume`.',
  },
  'haproxy-not-listening': {
    title: 'HAProxy does not listen where it shall',
    exit: 'stopped',
    explain:
      'HAProxy took the configuration but did not listen at every address of it within 30 s; its last words are shown. Most often the address of the load balancer is not one of its host. The former configuration was put back and loaded.',
  },
  'cni-pods-left': {
    title: 'Pods still use a network that is to be removed',
    exit: 'paused',
    explain:
      'Devices of an unused cluster network still end in pods: they were made before the network was changed and keep their old addresses until they are recreated. Nothing was removed, because these pods would be cut off at once.\n\nRecreate them (`kubectl delete pod`, or restart their workloads), then run `drover clean cni` again.',
  },
  'host-no-systemd': {
    title: 'A host has no systemd',
    exit: 'stopped',
    explain:
      'Drover runs its changes as transient systemd units, so that a lost connection neither kills nor doubles them. Hosts without systemd are not supported.',
  },
  'host-unit-lost': {
    title: 'A change on a host ended without telling how',
    exit: 'stopped',
    explain:
      'The unit that made a change is gone and left no result: the host lost power, or somebody stopped the unit. Resume looks at the host again and repeats only what does not hold yet.',
  },
  'host-systemd-silent': {
    title: 'systemd on a host does not answer',
    exit: 'stopped',
    explain:
      'Before a change is begun, systemd is asked whether the same change still runs from an earlier attempt. It gave no answer many times in a row, so nothing was begun: a change must not be made twice. The host is overloaded or short of memory (`systemctl status`, `journalctl -p err`); the change is tried again.',
  },
  'host-input-cut': {
    title: 'The connection broke while a change was being sent',
    exit: 'stopped',
    explain:
      'Changes read all their input before their first effect, so nothing was changed. The change is sent again.',
  },
  'host-locked-out': {
    title: 'A host takes no new connection after a change',
    exit: 'stopped',
    explain:
      'A change that can shut Drover out is kept only when a new connection proves that logging in still works. None came through, so a timer on the host puts back what was there before, within a minute and without any help.\n\nFind out what shuts new connections out (a rule in `before.rules`, a provider’s firewall, the number of connections that sshd takes), then `drover apply --resume`.',
  },
  'host-put-back': {
    title: 'A host has put a change back by itself',
    exit: 'stopped',
    explain:
      'The timer that guards against locking oneself out ended before Drover could confirm the change: the operator’s machine was slow, or its network was away. The host is as it was before. The change is tried again.',
  },
  'firewall-other': {
    title: 'Another firewall filters a host',
    exit: 'paused',
    explain:
      'ufw is wanted, but something else filters the host’s inbound packets: firewalld, or a hand-written rule set with a policy of drop. Two firewalls judge every packet one after the other, so Drover does not put ufw beside it.\n\nSwitch the other one off (`systemctl disable --now firewalld`, `systemctl disable --now nftables && nft delete table FAMILY TABLE`), or set `spec.preparation.firewall.kind: keep` and open the ports there.',
  },
  'resolver-no-answer': {
    title: 'A wanted name server does not answer from a host',
    exit: 'stopped',
    explain:
      'Before a host gets its new name servers, each of them is asked a real question from that host. One did not answer, so nothing was changed: the address is wrong, or UDP port 53 is filtered on the way.',
  },
  'step-not-here': {
    title: 'A step cannot do its work on this kind of host',
    exit: 'paused',
    explain:
      'What the spec asks for needs a program or a package manager that this host does not have. Do it by hand, or leave it out of the spec; then `drover apply --resume`.',
  },
  'run-fenced-off': {
    title: 'Another run holds this cluster',
    exit: 'locked',
    explain:
      'Every holder of the lock has a higher number than those before it, and hosts refuse changes of a lower number. This run lost its lock, so it was stopped at its next change.\n\n`drover runs` shows who holds the cluster.',
  },
  'run-cut': {
    title: 'A run was cut off inside an action',
    exit: 'stopped',
    explain:
      'The action works on many items and was asked to end at once. What was done and what is open stands in the journal; `drover apply --resume` looks at the open items only.',
  },
  'upload-source-changed': {
    title: 'A file changed between plan and upload',
    exit: 'stale',
    explain: 'The file on the operator’s machine is not the one that the plan was made for. Plan again.',
  },
  'k3s-start-failed': {
    title: 'K3s does not start',
    exit: 'stopped',
    explain:
      'The K3s service ended with an error that waiting does not cure. The message holds K3s’ own last words. Mend the cause, then `drover apply --resume`.',
  },
  'k3s-token-refused': {
    title: 'The cluster does not accept the token of a host',
    exit: 'stopped',
    explain:
      'K3s on this host asked to join and was refused: its token is that of another cluster, or the file was changed. K3s would ask for ever, so Drover stopped waiting. The other hosts are not touched by it.\n\nLook for a `token` in the host’s own `/etc/rancher/k3s/config.yaml`, which stays as it is and counts more than Drover’s file, and compare `/etc/rancher/k3s/drover-server-token` (servers) or `drover-agent-token` (agents) with another host. Then `drover apply --resume`; or take the file away, and a new `drover apply` writes it.',
  },
  'k3s-addons-not-ready': {
    title: 'Add-ons of K3s are not as the spec wants them',
    exit: 'stopped',
    explain:
      'K3s deploys and removes CoreDNS, metrics-server and the provisioner of local volumes itself. Within the time limit one of them did not come, has no pod that is ready, or did not go. The message names which: images that cannot be pulled, nodes whose taints keep the pods away and a `.skip` file beside the manifests are the usual reasons. Then `drover apply --resume`.',
  },
  'k3s-key-missing': {
    title: 'K3s shall encrypt Secrets and has no key',
    exit: 'stopped',
    explain:
      '`secrets-encryption` is set, but after the servers have started none of them has the file with the key. K3s cannot switch encryption on in a cluster that was founded without it: `k3s secrets-encrypt status` on a server shows what holds.',
  },
  'k3s-not-ready': {
    title: 'K3s is not ready in time',
    exit: 'stopped',
    explain:
      'The service runs, but the node did not become ready (or its etcd member no voter) within the time limit. Drover never wipes a host because it is slow: the service goes on, and `drover apply --resume` looks again.',
  },
  'k3s-drain-blocked': {
    title: 'Pods do not leave a node in time',
    exit: 'paused',
    explain:
      'The node is cordoned: nothing new is placed there, and its other pods have moved. What stays is named, with the disruption budget that refuses. Add replicas elsewhere, change the budget, or end the pod by hand; then `drover apply --resume`.',
  },
  'k3s-data-on-node': {
    title: 'A node that shall leave has the only copy of data',
    exit: 'paused',
    explain:
      'Local volumes lie on one node and do not move with their pods. Drover never deletes data by the way: copy the volume, or delete its claim if nobody needs it; then `drover apply --resume`.',
  },
  'k3s-bare-pods': {
    title: 'A node that shall leave has pods that would not come back',
    exit: 'paused',
    explain:
      'Pods without a controller (no Deployment, StatefulSet, Job …) are made again by nobody once they are evicted. Drover touches nothing: make them anew elsewhere or under a controller and delete them, or delete them if nobody needs them; then `drover apply --resume`.',
  },
  'k3s-member-stays': {
    title: 'A node is still in the cluster after it was deleted',
    exit: 'stopped',
    explain:
      'K3s takes the member out of etcd before the node vanishes, which needs a healthy majority. `drover verify` shows the members; then `drover apply --resume`.',
  },
  'set-kind-unserved': {
    title: 'An object set has a kind that the cluster does not serve',
    exit: 'stopped',
    explain:
      'The definition of the kind comes neither with the set nor with one that was applied before it. Objects that stand before it in the set were written; `drover rollback` takes them back.\n\nAdd what defines the kind (usually another chart), then make a new plan.',
  },
  'set-changed': {
    title: 'An object set is no longer what the plan was made for',
    exit: 'stopped',
    explain:
      'Sets are rendered again when they are applied, and must be the same to the byte. The spec, a chart or the hosts that it is rendered from changed in between. Nothing of the set was written; make a new plan and look at it.',
  },
  'set-refused': {
    title: 'The cluster refuses objects of a set',
    exit: 'stopped',
    explain:
      'A dry run showed that the API does not take these objects: a field is unknown or wrong, a field cannot be changed, or they belong to another set. Nothing of the set was written.\n\nChange the values that it is rendered from, then make a new plan.',
  },
  'set-differs': {
    title: 'An object set is not as it was applied',
    exit: 'stopped',
    explain:
      'After everything was written, a dry run still shows something to do: another tool or a controller writes the same fields. `metadata.managedFields` of the object names who wrote it last.',
  },
  'set-unseen': {
    title: 'An object set could not be compared with the cluster',
    exit: 'stopped',
    explain: 'No server answered while it was compared. `drover apply --resume` looks again.',
  },
  'set-not-ready': {
    title: 'Something of an object set does not get ready',
    exit: 'stopped',
    explain:
      'Everything was applied, but a Deployment, DaemonSet, StatefulSet or Job did not get ready in time. The cause names the pods, the probe that fails or the image that cannot be pulled and on which node, and the last lines of the log.\n\nMend it and go on with `drover apply --resume`, or take back with `drover rollback`: sets that are ready are not touched by resuming.',
  },
  'sets-unknown': {
    title: 'A run knows no object sets',
    exit: 'stopped',
    explain:
      'The action applies an object set, but the run was started for something that has none, such as a migration. Nothing was changed.',
  },
  'objects-other-bundle': {
    title: 'The bundle is not the one that a plan was made for',
    exit: 'stale',
    explain:
      'A plan pins the digest of its bundle, so that nothing can be dropped, swapped or added between planning and writing. Somebody exported into the folder again, or edited a secret in it. Nothing of this wave was written.\n\nPut the bundle back as it was and go on with `drover restore --resume`, or take the run back and plan again.',
  },
  'objects-refused': {
    title: 'The target refuses an object',
    exit: 'stopped',
    explain:
      'The API or an admission webhook says that the object breaks a rule: the message holds its own words, with the fields. The object and what depends on it are left out; everything else goes on, and the last wave tries once more.',
  },
  'objects-left': {
    title: 'Some objects could not be written',
    exit: 'stopped',
    explain:
      'Everything else of the bundle is there. The message names each object that is missing and why: the API refused it, or it needs another one that was refused.\n\nMend the cause in the target, then `drover restore --resume` tries exactly these again. When the objects themselves are wrong, change them with a transform, take the run back or set `spec.restore.existing: skip`, and plan again.',
  },
  'objects-missing': {
    title: 'Objects are not there although they were written',
    exit: 'stopped',
    explain:
      'The API took the objects, but a list shows that they are gone. A controller or a person deletes them: a GitOps tool that prunes, an owner that does not exist, a time to live.',
  },
  'objects-gate': {
    title: 'What the next objects need did not come about in time',
    exit: 'stopped',
    explain:
      'Objects are written in waves, and some waves wait: for definitions to be served, for namespaces to have their account, for operators and the back ends of webhooks to be ready. The message names what is missing and what the API says about it. Nothing of the waiting wave was written.\n\nLook at the pods of the workload that is named, then `drover restore --resume` waits again and goes on.',
  },
  'objects-stay': {
    title: 'Objects do not go away',
    exit: 'stopped',
    explain:
      'An object that is deleted stays until everybody named in its finalizers has cleaned up. The message names them. Often the operator that should do it is gone or not ready.\n\nMend it, then go on with `drover rollback --resume`.',
  },
  'objects-held': {
    title: 'Workloads are still held back',
    exit: 'stopped',
    explain:
      'The replicas or the schedule that were put back are not there: something sets them to zero or suspends them again, such as an autoscaler or a GitOps tool.',
  },
  'objects-former-sealed': {
    title: 'The former state of an object cannot be opened',
    exit: 'auth',
    explain:
      'Former states of changed objects stand in the journal, sealed with the key of the bundle. Use the bundle and the identity that the run was made with.',
  },
  'objects-no-bundle': {
    title: 'A run that carries no objects was asked for one',
    exit: 'stopped',
    explain:
      'Objects come from the bundle of a migration. Go on with such a run by `drover restore --resume RUN -f migration.yaml`, so that Drover knows where the bundle is.',
  },
  'artifact-not-found': {
    title: 'The K3s program is not at its address',
    exit: 'stopped',
    explain:
      'The server was reached and refused: the version does not exist there, or the address needs a login. Nothing was kept and no host was changed. Look at `spec.distribution.version` and `spec.distribution.source`.',
  },
  'artifact-unreachable': {
    title: 'The server of the K3s program cannot be reached',
    exit: 'stopped',
    explain:
      'No connection, or an answer that tells of trouble on the server itself. It is tried again a few times. Where there is no way to the Internet, `spec.distribution.source` names a file or a mirror.',
  },
  'artifact-truncated': {
    title: 'The K3s program did not come whole',
    exit: 'stopped',
    explain:
      'The connection ended before everything was there. What came was thrown away, and it is tried again a few times.',
  },
  'artifact-checksum': {
    title: 'The K3s program has another digest than it must have',
    exit: 'stopped',
    explain:
      'The digest comes from the spec, or from the list that is published beside the release. What came was thrown away; no host was changed. A proxy that answers with a page of its own, a wrong address or a tampered file lead here.',
  },
  'artifact-architecture': {
    title: 'The K3s program is not for the processors of the hosts',
    exit: 'stopped',
    explain:
      'The file is no Linux program, or one for another processor than the hosts have. It was thrown away; no host was changed. Releases have `k3s` for amd64 and `k3s-arm64` for arm64.',
  },
  'artifact-unreadable': {
    title: 'A file of the spec cannot be read',
    exit: 'spec',
    explain:
      'The K3s program or the archive of images that `spec.distribution` names is not there, or cannot be read. Paths are relative to the spec.',
  },
  'artifact-not-kept': {
    title: 'A fetched file has changed in the cache',
    exit: 'stopped',
    explain:
      'What was fetched and checked is gone from the cache, or is another file now. `drover apply --resume` fetches it again.',
  },
  'kubeconfig-unreadable': {
    title: 'A kubeconfig cannot be understood',
    exit: 'paused',
    explain:
      'The file that the cluster’s context belongs in is no YAML mapping. Drover changes nothing in a file that it cannot read whole. Mend it, or name another one with `KUBECONFIG`; then `drover apply --resume`.',
  },
  'kubeconfig-not-written': {
    title: 'A kubeconfig cannot be changed',
    exit: 'stopped',
    explain:
      'The file or its folder cannot be written, or another program holds its lock (`FILE.lock`, as kubectl makes it). The file is as it was. `spec.api.kubeconfig.merge: false` leaves it alone.',
  },
  'kubeconfig-not-held': {
    title: 'The context in a kubeconfig does not lead to the cluster',
    exit: 'stopped',
    explain:
      'After the context was merged into the kubeconfig, it was read again and tried. It is gone, or the API does not answer to it. `drover apply --resume` tries again.',
  },
  'secret-foreign': {
    title: 'A Secret in the cluster is not Drover’s',
    exit: 'paused',
    explain:
      'A secret of the spec shall be a Secret in this namespace, and somebody else has made one of that name. Drover does not change it: its values may be in use, and nobody could bring them back.\n\nRemove it when its values are those that `drover secrets set` has, or give the secret of the spec another name. Then `drover apply --resume`.',
  },
  'secret-not-delivered': {
    title: 'A Secret does not hold what the spec wants',
    exit: 'stopped',
    explain:
      'Right after Drover wrote the Secret it was read again, and it lacks a key or has another type: something else in the cluster writes it as well. Find out what, by the owners of its fields (`kubectl get secret NAME -o yaml --show-managed-fields`), then `drover apply --resume`.',
  },
  'ipset-no-perl': {
    title: 'ipsets cannot be swapped without perl',
    exit: 'paused',
    explain:
      'The ipset program makes sets in its own newest revision only, so Drover asks the kernel itself for an older one, by a few lines of perl. The host has none. Install `perl-base` (every Debian and Ubuntu has it), or swap the sets by hand with the older ipset of Calico’s image, as `drover explain ipset-skew` says; then `drover apply --resume`.',
  },
  'command-failed': {
    title: 'A command on a host failed',
    exit: 'stopped',
    explain: 'A command of a step ended with an error; the message holds its last words.',
  },
});
