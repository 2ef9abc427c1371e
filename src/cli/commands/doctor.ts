import { REPORT_FORMATS } from '../../report/formats.js';
import { defineCommand } from '../command.js';
import { fileFlag, outputFlag } from '../flags.js';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Measure hosts and say what is wrong with them, and which cluster network can work',
  description: `Reads facts from every host in one SSH round trip each, probes the paths between every pair of hosts, and prints findings
with their evidence, cause and fix, then a verdict for each cluster network. Installs nothing and changes nothing; probes are
small, named, and remove themselves even when the connection dies. Without addresses, --file or --facts it takes ./drover.yaml.`,
  arguments: [
    {
      name: 'host',
      required: false,
      variadic: true,
      summary: 'Addresses, as ssh takes them: USER@HOST[:PORT]',
      complete: 'host',
    },
  ],
  flags: [
    fileFlag,
    outputFlag(REPORT_FORMATS),
    { name: 'facts', value: 'FILE', summary: 'Diagnose this saved facts file again; no host is contacted' },
    {
      name: 'context',
      value: 'NAME',
      summary: 'Ask the API of this context of your kubeconfig; no host is contacted',
    },
    {
      name: 'kubeconfig',
      value: 'FILE',
      summary: 'Kubeconfig of the running cluster; default: $KUBECONFIG or ~/.kube/config',
    },
    { name: 'as', value: 'USER', summary: 'User to impersonate at the running cluster' },
    {
      name: 'save',
      value: 'FILE',
      summary: 'Where to save the facts; default: .drover/facts/NAME-TIME.json',
    },
    { name: 'host', value: 'NAME', repeatable: true, summary: 'Only this host of the spec' },
    { name: 'only', value: 'CODE', repeatable: true, summary: 'Look for this finding only' },
    {
      name: 'ignore',
      value: 'CODE',
      repeatable: true,
      env: 'DROVER_IGNORE',
      summary: 'Leave this finding out; the report records it',
    },
    { name: 'passive', env: 'DROVER_PASSIVE', summary: 'Send nothing between hosts: facts alone' },
    { name: 'no-probes', summary: 'Same as --passive' },
    {
      name: 'deep',
      summary: 'Wait until idle state in firewalls has expired, to prove cold passage (about 25 minutes)',
    },
    {
      name: 'timeout',
      value: 'TIME',
      default: '60s',
      env: 'DROVER_TIMEOUT',
      summary: 'Patience with one host',
    },
  ],
  examples: [
    { command: 'drover doctor root@10.0.0.100 root@10.0.0.110', text: 'The first minute: no file needed' },
    {
      command: 'drover doctor -f examples/keybuzz/drover.yaml',
      text: 'The hosts of a spec, and whether its network can work there',
    },
    { command: 'drover doctor --lab', text: 'The hosts of the lab that is up' },
    { command: 'drover doctor --context production', text: 'A running cluster, through its API alone' },
    { command: 'drover doctor --facts facts.json', text: 'What a colleague sent, without any host' },
    { command: 'drover doctor -o html > report.html', text: 'A report to mail' },
    { command: 'drover doctor --ignore swap-on -o junit > doctor.xml', text: 'In CI' },
  ],
  exits: ['spec', 'preflight', 'ssh', 'kubernetes', 'auth'],
  entersLab: true,
  report: 'doctor',
  load: () => import('./doctor.run.js'),
});
