import type { DroverEvent } from '../../src/core/events/event.js';
import { addEvent, emptyReport } from '../../src/report/report-state.js';
import type { CheckResult } from '../../src/verify/check.js';
import { blocked } from './event-script.js';

const NODES = ['server-1', 'agent-1'];
const PAIRS = NODES.flatMap((node) => NODES.map((to) => ({ node, to })));

const pairs = (check: string, title: string, failing: readonly string[]): CheckResult[] =>
  PAIRS.map(({ node, to }) => {
    const bad = failing.includes(`${node}>${to}`);
    const detail = bad ? `${to}: wget: download timed out` : `${to}: answered`;
    return { check, title, status: bad ? 'fail' : 'pass', node, to, detail };
  });

const service = { check: 'cluster-ip', title: 'The ClusterIP of a Service answers to pods' } as const;
const url = { check: 'url', title: 'External addresses answer', to: 'https://shop.example/' } as const;
const app = {
  check: 'application-ingress-10-platform',
  title: '10 Platform: applications answer through the ingress of every node',
  to: 'https://shop.example/',
} as const;
const unmanaged = {
  check: 'spec-section',
  status: 'not-managed',
  detail: 'not managed by this version',
} as const;

const results: readonly CheckResult[] = [
  { check: 'node-ready', title: 'The node is Ready', status: 'pass', node: 'server-1', detail: 'Ready' },
  { check: 'node-ready', title: 'The node is Ready', status: 'pass', node: 'agent-1', detail: 'Ready' },
  {
    check: 'api-balancer',
    title: 'The API is ready through the balancer',
    status: 'not-applicable',
    node: 'lb',
    detail: 'the lab has no host lb',
  },
  ...pairs('pod-to-pod', 'Pods of every two nodes reach each other', ['agent-1>server-1']),
  ...pairs('pod-to-pod-large', 'Full packets pass between pods', ['agent-1>server-1', 'server-1>agent-1']),
  ...pairs('host-to-host', 'Hosts reach each other', []),
  {
    ...service,
    status: 'pass',
    node: 'server-1',
    detail: 'probe: a',
    retried: { attempts: 3, seconds: 6, failure: 'wget: download timed out' },
  },
  {
    ...service,
    status: 'fail',
    node: 'agent-1',
    detail: 'probe: <b>wget</b>: download timed out',
    retried: { attempts: 5, seconds: 16, failure: 'wget: download timed out' },
  },
  { ...url, status: 'pass', node: 'outside', detail: 'status 200' },
  {
    ...url,
    check: 'url-certificate',
    title: 'Certificates of external addresses are trusted',
    status: 'fail',
    node: 'outside',
    detail: 'shop.example, issued by CA: 3 days are left',
  },
  { ...app, status: 'pass', node: 'server-1', detail: 'status 200' },
  { ...app, status: 'fail', node: 'agent-1', detail: 'status 503, wanted 200' },
  { ...unmanaged, title: 'spec.ingress' },
  { ...unmanaged, title: 'spec.monitoring' },
];

/** A verification in which one pair is cut, one carries small packets only, and a Service is late or silent. */
export const verifyScript: readonly DroverEvent[] = [
  { type: 'version', interface: '1.0', tool: '0.1.0', realm: 'lab/keybuzz' },
  ...results.map((result): DroverEvent => ({ type: 'check-result', ...result })),
  { type: 'finding', finding: blocked },
  {
    type: 'verify-summary',
    cluster: 'keybuzz',
    passed: results.filter(({ status }) => status === 'pass').length,
    failed: results.filter(({ status }) => status === 'fail').length,
    notManaged: 2,
    notApplicable: 1,
    durationMs: 7200,
    proof: '.drover/proofs/keybuzz-2026-01-02T030405Z.json',
    next: 'drover explain vxlan-port-blocked',
  },
];

export const verifyReport = verifyScript.reduce(addEvent, emptyReport);
