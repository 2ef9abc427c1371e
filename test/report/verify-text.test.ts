import { expect, it } from 'vitest';
import { verifyText } from '../../src/report/verify-text.js';
import { verifyReport } from './verify-script.js';

const style = { color: false, unicode: true, columns: 100 };

it('tells one line per check, failures with what was seen, what was late, reasons and totals', () => {
  expect(verifyText(style, verifyReport, { full: false })).toMatchInlineSnapshot(`
    "✗ keybuzz is not proven: 6 of 20 checks failed in 7.2 s

    ✓ The node is Ready  2 of 2
    – The API is ready through the balancer: does not apply
        lb: the lab has no host lb
    ✗ Pods of every two nodes reach each other  3 of 4
        agent-1 to server-1: wget: download timed out
    ✗ Full packets pass between pods  2 of 4
        server-1 to agent-1: wget: download timed out
        agent-1 to server-1: wget: download timed out
    ✓ Hosts reach each other  4 of 4
    ✗ The ClusterIP of a Service answers to pods  1 of 2
        agent-1: probe: <b>wget</b>: download timed out (5 tries in 16 s)
        server-1: held after 3 tries in 6 s; before: wget: download timed out
    ✓ External addresses answer
    ✗ Certificates of external addresses are trusted
        outside to https://shop.example/: shop.example, issued by CA: 3 days are left
    ✗ 10 Platform: applications answer through the ingress of every node  1 of 2
        agent-1 to https://shop.example/: status 503, wanted 200
    – spec.ingress: not managed by this version
    – spec.monitoring: not managed by this version

    What the doctor found

    ✗ UDP 8472 does not arrive at k3s-worker-01 [vxlan-port-blocked]
      seen    k3s-master-01: sent 5 datagrams, none seen at eth0 of k3s-worker-01
              k3s-master-02: sent 5 datagrams, none seen at eth0 of k3s-worker-01
              control port 51999 beside it passes between all pairs
      cause   Something between the hosts drops UDP 8472: a provider firewall, or a rule before the
              interface.
      fix     Allow UDP 8472 between all hosts of 10.0.0.0/24 in the firewall in front of k3s-worker-01.

    Verify: 14 checks passed (1 not at once), 6 failed, 2 not managed, 1 not applicable.

    proof  .drover/proofs/keybuzz-2026-01-02T030405Z.json
    next   drover explain vxlan-port-blocked
    "
  `);
});

it('says that nothing explains a failure when the doctor found nothing', () => {
  const text = verifyText(style, { ...verifyReport, findings: [] }, { full: false });
  expect(text).toContain('The doctor found nothing on the hosts and between them that explains it.');
});

it('is empty for a verification that did not end', () => {
  expect(verifyText(style, { ...verifyReport, verify: undefined }, { full: false })).toBe('');
});
