import { printable } from '../core/text.js';
import { valueAt } from '../spec/path.js';
import { type CheckResult, fail, passIf } from './check.js';
import { text } from './objects.js';

/**
 * Asks a server's etcd for its health, on the loopback address where K3s serves it without a certificate. An alarm
 * of any member, a lost leader or a failed read make it unhealthy (etcd: server/etcdserver/api/etcdhttp/health.go).
 */
export const ETCD_HEALTH_SCRIPT = 'curl -sS --max-time 8 http://127.0.0.1:2381/health';

/** What one server said when it ran {@link ETCD_HEALTH_SCRIPT}; `failure` when it could not be asked. */
export type EtcdAnswer =
  | { readonly server: string; readonly said: string }
  | { readonly server: string; readonly failure: string };

const parsed = (said: string): unknown => {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
};

/** Every server's etcd answers, has a leader, and no member raised an alarm. Pure. */
export const checkEtcd = (answers: readonly EtcdAnswer[]): CheckResult[] =>
  answers.map((answer) => {
    const part = {
      check: 'etcd-health',
      title: 'etcd is healthy and has no alarm',
      node: answer.server,
    };
    if ('failure' in answer) return fail({ ...part, detail: answer.failure });
    const health = parsed(answer.said);
    // Older etcd says "true", newer ones could say true.
    const good = String(valueAt(health, ['health'])) === 'true';
    const reason = text(health, 'reason') || printable(answer.said).trim() || 'no answer';
    return passIf(good, { ...part, detail: good ? 'healthy' : reason });
  });
