import type { Cluster, ClusterHost } from './cluster.js';

type Spec = Cluster['spec'];
type Absolute = (path: string) => string;

const withIdentity = <Ssh extends { readonly identityFile?: string | undefined }>(
  ssh: Ssh,
  absolute: Absolute,
): Ssh => (ssh.identityFile === undefined ? ssh : { ...ssh, identityFile: absolute(ssh.identityFile) });

const distributionOf = (distribution: Spec['distribution'], absolute: Absolute): Spec['distribution'] => {
  const { source, airgap } = distribution;
  return {
    ...distribution,
    source: source.kind === 'file' ? { ...source, file: absolute(source.file) } : source,
    ...(airgap === undefined ? {} : { airgap: { ...airgap, images: absolute(airgap.images) } }),
  };
};

const networkOf = (network: Spec['network'], absolute: Absolute): Spec['network'] => {
  const { cni } = network;
  return cni.source?.kind === 'file'
    ? { ...network, cni: { ...cni, source: { ...cni.source, file: absolute(cni.source.file) } } }
    : network;
};

/** Makes the paths of a spec independent of where Drover runs. */
export const absolutePaths = (
  spec: Spec,
  hosts: readonly ClusterHost[],
  absolute: Absolute,
): Pick<Cluster, 'spec' | 'hosts'> => ({
  spec: {
    ...spec,
    ssh: withIdentity(spec.ssh, absolute),
    distribution: distributionOf(spec.distribution, absolute),
    network: networkOf(spec.network, absolute),
    secrets: { ...spec.secrets, file: absolute(spec.secrets.file) },
  },
  hosts: hosts.map((host) =>
    host.ssh === undefined ? host : { ...host, ssh: withIdentity(host.ssh, absolute) },
  ),
});
