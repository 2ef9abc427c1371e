import { describe, expect, it } from 'vitest';
import { findFault } from '../../src/lab/faults/list.js';
import { networkFaultRules } from '../../src/lab/faults/network-rules.js';
import { gatewayNetns, portName, routerNetns } from '../../src/lab/names.js';
import { partitionRules } from '../../src/lab/network/partitions.js';
import { operatorAddress } from '../../src/lab/network/routed.js';
import { routerRules } from '../../src/lab/network/router-rules.js';
import { queueWords, throttleProblem } from '../../src/lab/network/throttle.js';
import { planOf } from './rig.js';

const routed = planOf({ network: 'routed' });

describe('names of the lab', () => {
  it('keep interface names below the limit of the kernel, with hundreds of hosts', () => {
    const hosts = Array.from({ length: 1000 }, (_, i) => ({ ...planOf().hosts[0]!, name: `h-${i}` }));
    const plan = planOf({ name: 'a'.repeat(40), network: 'routed', hosts });
    expect(Math.max(...hosts.map((host) => portName(plan, host.name).length))).toBeLessThanOrEqual(15);
    expect(new Set(hosts.map((host) => portName(plan, host.name))).size).toBe(1000);
  });

  it('never let one lab have the namespace of another', () => {
    expect(routerNetns({ name: 'a' })).not.toBe(
      gatewayNetns({ name: 'a.router', network: 'switched' }).replace('.', '-'),
    );
    expect(gatewayNetns(routed)).toBe('drover-shop.router');
    expect(gatewayNetns(planOf())).toBe('drover-shop');
  });
});

describe('the router', () => {
  it('checks sources by port and filters nothing without a firewall', () => {
    expect(routerRules(routed)).toMatchInlineSnapshot(`
      "table ip drover {
        set sources {
          type ifname . ipv4_addr
          elements = { "ve-8d9001-0" . 10.0.0.11, "ve-8d9001-1" . 10.0.0.21 }
        }
        chain source-check {
          type filter hook prerouting priority raw; policy accept;
          iifname "ve-*" iifname . ip saddr != @sources counter drop comment "not the address of the sending server"
        }
      }
      "
    `);
  });

  it('denies inbound traffic that no rule allows, and outbound only when there is a rule for it', () => {
    const inbound = {
      direction: 'in',
      protocol: 'tcp',
      port: '80-90',
      addresses: ['0.0.0.0/0', '::/0'],
    } as const;
    const icmp = { direction: 'in', protocol: 'icmp', addresses: ['10.0.0.0/8'] } as const;
    const outbound = { direction: 'out', protocol: 'udp', port: '53', addresses: ['1.1.1.1/32'] } as const;
    const one = routerRules({
      ...routed,
      firewall: [inbound, icmp].map((rule) => ({ ...rule, addresses: [...rule.addresses] })),
    });
    expect(one).toContain('ip saddr { 0.0.0.0/0 } tcp dport 80-90 return');
    expect(one).toContain('ip saddr { 10.0.0.0/8 } meta l4proto icmp return');
    expect(one).not.toContain('jump outbound');
    const two = routerRules({ ...routed, firewall: [{ ...outbound, addresses: [...outbound.addresses] }] });
    expect(two).toContain('jump outbound');
    expect(two).toContain('ip daddr { 1.1.1.1/32 } udp dport 53 return');
  });

  it('gives the operator the last free address', () => {
    expect(operatorAddress(routed)).toBe('10.0.0.254');
    const last = { ...routed.hosts[0]!, address: '10.0.0.254' };
    expect(operatorAddress({ nodes: '10.0.0.0/24', hosts: [last] })).toBe('10.0.0.253');
  });
});

describe('partitions and faults of the network', () => {
  it('cut pairs in both directions, by the ports of the hosts', () => {
    expect(partitionRules(planOf(), [['server-1', 'agent-1']])).toMatchInlineSnapshot(`
      "table bridge drover_partitions
      delete table bridge drover_partitions
      table bridge drover_partitions {
        chain forward {
          type filter hook forward priority -10; policy accept;
          iifname "vb-8d9001-0" oifname "vb-8d9001-1" drop
          iifname "vb-8d9001-1" oifname "vb-8d9001-0" drop
        }
      }
      "
    `);
  });

  it('are taken away by the same text without targets', () => {
    const fault = findFault('vxlan-one-direction');
    if (fault?.place !== 'network') throw new Error('not a fault of the network');
    const target = { ...planOf().hosts[1]! };
    expect(networkFaultRules(routed, fault, [target])).toContain('udp dport 8472 drop');
    expect(networkFaultRules(routed, fault, []).trim().split('\n')).toEqual([
      'table ip fault_vxlan_one_direction',
      'delete table ip fault_vxlan_one_direction',
    ]);
  });
});

describe('throttles', () => {
  it('use tbf for a rate and netem as soon as delay or loss come in', () => {
    expect(queueWords({ rate: '10mbit' })).toBe('tbf rate 10mbit burst 32kb latency 400ms');
    expect(queueWords({ rate: '10mbit', delay: '50ms', loss: '1%' })).toBe(
      'netem delay 50ms loss 1% rate 10mbit',
    );
  });

  it('are refused when tc could not understand them', () => {
    expect(throttleProblem({ rate: '10 Mbit/s' })).toBe("--rate must look like 10mbit, not '10 Mbit/s'");
    expect(throttleProblem({ delay: '50ms; reboot' })).toBe(
      "--delay must look like 50ms, not '50ms; reboot'",
    );
    expect(throttleProblem({})).toBe('give --rate, --delay or --loss');
    expect(throttleProblem({ loss: '0.5%' })).toBeUndefined();
  });
});
