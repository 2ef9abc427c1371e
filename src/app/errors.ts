import { defineErrors } from '../core/error.js';

/** What the doctor can refuse before, while and after it measures. */
export const appErrors = defineErrors({
  'doctor-no-hosts': {
    title: 'The doctor was told of no hosts',
    exit: 'usage',
    explain: `Give addresses (\`drover doctor root@10.0.0.100 root@10.0.0.110\`), a spec (\`-f drover.yaml\`), or a saved facts file
(\`--facts FILE\`). Without any of them Drover looks for \`drover.yaml\` in this directory.`,
  },
  'doctor-address': {
    title: 'An address of a host is not understood',
    exit: 'usage',
    explain: `Hosts are written as ssh writes them: \`HOST\`, \`USER@HOST\`, \`USER@HOST:PORT\`; IPv6 addresses with a port stand in brackets:
\`root@[fd00::1]:22\`. HOST may be an alias of your ssh configuration. Every host is named once.`,
  },
  'doctor-addresses-and-spec': {
    title: 'Hosts were given twice: as addresses and by a file',
    exit: 'usage',
    explain:
      'Addresses, `--file` and `--facts` each say which hosts are meant. To measure some hosts of a spec only, use `--host NAME`.',
  },
  'doctor-kubeconfig': {
    title: 'A kubeconfig leads to no cluster',
    exit: 'usage',
    explain:
      '`--kubeconfig FILE` and `--context NAME` say which running cluster is meant, as with kubectl; without `--kubeconfig` it is `$KUBECONFIG` or `~/.kube/config`. The file cannot be read, or has no such context.',
  },
  'doctor-host-unknown': {
    title: 'No host of the spec has this name',
    exit: 'usage',
    explain: '`--host` takes names of hosts as the spec (or the facts file) has them.',
  },
  'lab-network-outside-lab': {
    title: 'The lab’s own network is for labs alone',
    exit: 'spec',
    explain: `\`network.cni.name: lab\` names the small network that Drover's lab brings, so that changes of network can be tried and
tested. Nobody keeps it for machines that matter. Commands that look at or change real hosts refuse such a spec; with
\`--lab NAME\` they take it. Real networks are \`flannel\`, \`calico\` and \`cilium\`.`,
  },
  'doctor-no-contact': {
    title: 'Not one host could be reached',
    exit: 'ssh',
    explain: `There is nothing to diagnose. The lines above say for every host how far the connection got, and the hint names the codes of
these failures. When all hosts fail alike, the error is that failure itself.`,
  },
  'trust-no-hosts': {
    title: 'No hosts were named whose keys to pin',
    exit: 'usage',
    explain: `Give addresses (\`drover trust root@10.0.0.100\`) or a spec (\`-f drover.yaml\`). Without any of them Drover looks for
\`drover.yaml\` in this directory.`,
  },
  'trust-consent': {
    title: 'Pinning keys needs consent',
    exit: 'usage',
    explain: `Whoever answers on the network can show any key, so a person compares the fingerprints before they are pinned. Where nobody
can be asked (no terminal, CI, \`--no-input\`), \`--yes\` says that this was done.`,
  },
  'trust-record': {
    title: 'The record of host keys cannot be read or written',
    exit: 'failure',
    explain:
      'Check owner and mode of the file and its folder, and that the disk is not full. Nothing was pinned.',
  },
  'doctor-time': {
    title: 'A time is not understood',
    exit: 'usage',
    explain: 'Times are written as `90s`, `5m` or `1h`.',
  },
  'facts-unreadable': {
    title: 'The facts file cannot be read',
    exit: 'usage',
    explain: 'The file given by `--facts` does not exist, may not be read, or is no JSON.',
  },
  'facts-newer': {
    title: 'The facts file was written by a newer Drover',
    exit: 'usage',
    explain:
      'Facts files carry the version of their format. Use the Drover that wrote the file, or a newer one.',
  },
  'facts-invalid': {
    title: 'The facts file does not have the shape of one',
    exit: 'usage',
    explain: `The message names the path inside the file and what stands there. Facts files are made by \`drover doctor\`; their JSON Schema is
\`schema/facts.schema.json\`.`,
  },
  'facts-unwritable': {
    title: 'The facts file cannot be saved',
    exit: 'failure',
    explain:
      'The diagnosis is shown all the same; only the file is missing. `--save FILE` names another place.',
  },
});
