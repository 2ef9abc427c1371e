import { err, ok } from '../../core/result.js';
import type { Change } from '../change.js';
import { lastWords, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

/** Volumes of the local-path provisioner and snapshots of etcd: what cannot be made again. */
const DATA = '/var/lib/rancher/k3s/storage';

type Params = { readonly node: string; readonly address: string };
/** `binary`: it, or a script of it, is there. */
type State = { readonly units: readonly string[]; readonly binary: boolean };

const OWN = /^\/usr\/local\/bin\/k3s(-(killall|uninstall|agent-uninstall)\.sh)?$/;

const UNITS = ['k3s', 'k3s-agent'] as const;

/**
 * Exit status: 30 = data of volumes is there, 31 = there is no script. Whoever is gone already has nothing to do. A host
 * that lost power in the middle has its script still, without the unit: K3s' scripts remove themselves at their end, and
 * the killall script shortly before.
 */
const SCRIPT = `[ -z "$(ls -A ${DATA} 2>/dev/null)" ] || { ls ${DATA} >&2; exit 30; }
for unit in k3s k3s-agent; do
  script=/usr/local/bin/$unit-uninstall.sh
  if [ -x "$script" ] && [ -x /usr/local/bin/k3s-killall.sh ]; then "$script" >/dev/null || exit 1
  elif [ -e /etc/systemd/system/$unit.service ]; then exit 31; fi
  rm -f "$script"
done
rm -f /usr/local/bin/k3s /usr/local/bin/k3s-killall.sh`;

/**
 * Stops K3s on a host that leaves and removes it with all that it made, unless volumes lie there: data is never
 * deleted by the way.
 */
export const k3sUninstall = defineStep<Params, State>({
  id: 'k3s.uninstall',
  title: () => 'Remove K3s from the host',
  scope: 'host',
  reads: ['units', 'files'],
  risk: 'high',
  replay: 'converges',
  undo: { kind: 'irreversible', reason: 'the node’s own data is deleted; it can join again as a new node' },
  expected: { seconds: 10 },
  timeoutMs: 180_000,
  retry: 'transient',
  disruptive: true,
  observe: (world, subject) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const units = sections?.units?.value;
    const files = sections?.files?.value;
    if (units === undefined || files === undefined) return undefined;
    const installed = UNITS.filter((unit) => files[`/etc/systemd/system/${unit}.service`] !== undefined);
    return { units: [...installed], binary: Object.keys(files).some((path) => OWN.test(path)) };
  },
  diff: (state) => {
    if (state === undefined) return [{ kind: 'unknown', what: 'K3s' }];
    const units = state.units.map((unit): Change => ({ kind: 'remove', what: `${unit}.service` }));
    return [...units, ...(state.binary ? [{ kind: 'remove' as const, what: '/usr/local/bin/k3s' }] : [])];
  },
  apply: async (context, { node }) => {
    const host = context.subject.host ?? '';
    const done = await context.on(host).change(SCRIPT, { title: 'remove K3s', timeoutMs: 180_000 });
    if (!done.ok) return done;
    if (done.value.status === 0) return ok({});
    const cause = lastWords(done.value);
    if (done.value.status === 30)
      return err({
        class: 'person',
        code: 'k3s-data-on-node',
        host,
        message: `${node} has data of volumes in ${DATA}`,
        cause,
      });
    return notHeld(host, 'K3s cannot be removed', cause);
  },
  verify: async (context) => {
    const host = context.subject.host ?? '';
    const seen = await context
      .read(host)
      .read(
        'ls -d /usr/local/bin/k3s /usr/local/bin/k3s-*.sh /etc/systemd/system/k3s*.service /etc/rancher/k3s /var/lib/rancher/k3s 2>/dev/null',
      );
    if (!seen.ok) return seen;
    const left = seen.value.stdout.trim().split('\n').join(', ');
    return left === ''
      ? ok({ text: 'nothing of K3s is left' })
      : notHeld(host, 'something of K3s is left', left);
  },
});
