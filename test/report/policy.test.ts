import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../src/diagnosis/policy/check-policy.js';
import { readManifests } from '../../src/diagnosis/policy/manifests.js';
import { policyRules } from '../../src/diagnosis/policy/rules/index.js';
import { policyJunit } from '../../src/report/policy-junit.js';
import { policyText } from '../../src/report/policy-text.js';
import { sarifDocument } from '../../src/report/sarif.js';
import { policySchema } from '../../src/spec/schema/policy.js';

const MANIFESTS = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: NodePort }
---
apiVersion: v1
kind: Service
metadata: { name: game, namespace: play }
spec: { type: NodePort }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: conf, namespace: shop }
data:
  app.ini: |
    host = 10.0.0.121
`;
const policy = policySchema.parse({
  rules: { 'no-node-port': 'enforce' },
  exceptions: [
    {
      rule: 'no-node-port',
      reason: 'the game speaks UDP',
      until: '2027-01-31',
      resources: ['play/Service/game'],
    },
  ],
});
const { objects } = readManifests('deploy/web.yaml', MANIFESTS);
const breaches = checkPolicy(objects, policy, '2026-11-21');

describe('a judgement', () => {
  it('reads well on a terminal', () => {
    const style = { color: false, unicode: true, columns: 90 };
    expect(`\n${policyText(style, objects.length, breaches)}`).toMatchInlineSnapshot(`
      "
      ✗ Services are not exposed as NodePort [no-node-port]
        └ deploy/web.yaml:4:15 shop/Service/web opens a port on every node
           |
         4 | spec: { type: NodePort }
           |               ^^^^^^^^
        fix  use type ClusterIP with an Ingress; for something other than HTTP, declare an
             exception

      ! Applications find services by variables, not by addresses [no-hard-coded-addresses]
        └ deploy/web.yaml:16:12 shop/ConfigMap/conf key app.ini holds the address 10.0.0.121
           |
        16 |     host = 10.0.0.121
           |            ^^^^^^^^^^
        fix  use a name: a Service, an entry of spec.externalServices, or DNS

        – no-node-port: play/Service/game: accepted until 2027-01-31, the game speaks UDP

      1 error, 1 warning in 3 objects
      "
    `);
    expect(policyText(style, 3, [])).toBe('✓ no rule is broken in 3 objects\n');
  });

  it('fails a build for what is enforced and not accepted', () => {
    const rules = policyRules.filter(({ code }) => /node-port|addresses/.test(code));
    expect(policyJunit(rules, breaches)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="2" failures="1" time="0.000">
        <testsuite name="drover policy" tests="2" failures="1" time="0.000">
          <testcase classname="drover.policy" name="no-node-port: Services are not exposed as NodePort" time="0.000"><failure type="no-node-port" message="Services are not exposed as NodePort">deploy/web.yaml:4:15 shop/Service/web: opens a port on every node</failure><system-out>deploy/web.yaml:9:15 play/Service/game: opens a port on every node (accepted until 2027-01-31: the game speaks UDP)</system-out></testcase>
          <testcase classname="drover.policy" name="no-hard-coded-addresses: Applications find services by variables, not by addresses" time="0.000"><system-out>deploy/web.yaml:16:12 shop/ConfigMap/conf: key app.ini holds the address 10.0.0.121</system-out></testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it('is SARIF with places, levels and what was accepted', () => {
    const document = JSON.parse(sarifDocument('0.1.0', policyRules, breaches)) as {
      readonly runs: readonly { readonly results: readonly object[] }[];
    };
    expect(document.runs[0]?.results).toMatchObject([
      {
        ruleId: 'no-node-port',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'deploy/web.yaml' },
              region: { startLine: 4, startColumn: 15 },
            },
          },
        ],
      },
      { ruleId: 'no-node-port', suppressions: [{ status: 'accepted' }] },
      { ruleId: 'no-hard-coded-addresses', level: 'warning' },
    ]);
  });
});
