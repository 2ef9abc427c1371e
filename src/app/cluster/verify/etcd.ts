import type { HostTarget } from '../../../core/ports/transport.js';
import { printable } from '../../../core/text.js';
import type { CheckResult } from '../../../verify/check.js';
import { checkEtcd, ETCD_HEALTH_SCRIPT, type EtcdAnswer } from '../../../verify/etcd.js';
import type { ClusterTools } from '../tools.js';

const ask = async (target: HostTarget, tools: ClusterTools): Promise<EtcdAnswer> => {
  const script = { title: 'ask etcd for its health', text: ETCD_HEALTH_SCRIPT };
  const answer = await tools.transport.run(target, script, { timeoutMs: 15_000, signal: tools.soft });
  const server = target.name;
  if (!answer.ok) return { server, failure: answer.error.detail };
  const { status, stdout, stderr } = answer.value;
  if (status === 0) return { server, said: stdout.toString('utf8') };
  return { server, failure: printable(stderr.toString('utf8')).trim() || `curl ended with ${status}` };
};

/** Asks every server's etcd on the server itself: it answers there without a certificate. */
export const etcdHealth = async (
  servers: readonly HostTarget[],
  tools: ClusterTools,
): Promise<CheckResult[]> => checkEtcd(await Promise.all(servers.map((target) => ask(target, tools))));
