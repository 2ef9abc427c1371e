import type { Kube } from '../../../src/core/ports/kube.js';
import type { HostTarget, Transport } from '../../../src/core/ports/transport.js';
import { cniBypass } from '../../../src/steps/cni/bypass.js';
import { cniDropConf } from '../../../src/steps/cni/drop-conf.js';
import { cniStageConf } from '../../../src/steps/cni/stage-conf.js';
import type { ContractCase } from '../../steps/contract.js';
import { contractBench } from '../../steps/contract.js';
import { recipeInput } from '../../support/recipe-input.js';

/** A folder that no runtime reads stands for the one of K3s: nothing of the cluster notices. */
const FOLDER = '/var/lib/labnet-staged';
const INPUT = recipeInput({ confDir: FOLDER, binDir: FOLDER, nodes: [] });

/** Everything that these steps may change on a host. */
const SNAPSHOT = `
find /etc/cni /opt/cni /etc/systemd/system /usr/local/lib -printf '%p %y %m %U:%G %l\\n' | sort
find /etc/cni /opt/cni /usr/local/lib -type f -exec sha256sum {} + | sort -k2
systemctl list-unit-files --no-legend --no-pager 'drover-cni*'
for tool in iptables-nft iptables-legacy; do $tool-save -t nat 2>/dev/null | grep -A1 -E 'drover-cni-bypass'; done
systemctl is-active drover-cni-bypass || true`;

export const cniCases: readonly ContractCase[] = [
  {
    step: cniBypass,
    params: { pods: '10.42.0.0/16', present: true },
    sabotage: 'systemctl disable -q drover-cni-bypass',
  },
  {
    step: cniStageConf,
    params: {
      driver: 'lab-daemonset',
      input: INPUT,
      plugins: ['staged-one', 'staged-two'],
      confDir: '/etc/cni/net.d',
      binDir: '/opt/cni/bin',
    },
    prepare: `mkdir -p ${FOLDER} && echo '{"name":"old","type":"old"}' >${FOLDER}/05-labnet.conflist && cp /bin/true ${FOLDER}/staged-one && ln -sf staged-one ${FOLDER}/staged-two`,
    sabotage: 'echo other >/etc/cni/net.d/05-labnet.conflist',
    cleanup: `rm -r ${FOLDER}`,
  },
  {
    step: cniDropConf,
    params: { paths: ['/etc/cni/net.d/90-former.conflist', '/etc/cni/net.d/91-none.conflist'] },
    prepare: `mkdir -p /etc/cni/net.d && echo '{"name":"former"}' >/etc/cni/net.d/90-former.conflist`,
    sabotage: 'touch /etc/cni/net.d/91-none.conflist',
    cleanup: 'rm -f /etc/cni/net.d/9[01]-*.conflist',
  },
];

export interface CniStage {
  readonly transport: Transport;
  readonly target: HostTarget;
  readonly role: 'server' | 'agent';
  readonly kube: () => Promise<Kube>;
}

export const cniBench = (stage: CniStage, one: ContractCase, snapshot = SNAPSHOT) =>
  contractBench({ ...stage, snapshot }, one);
