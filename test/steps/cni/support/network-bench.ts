import type { Json } from '../../../../src/core/canonical.js';
import type { ExecOutput, Kube, KubeObject } from '../../../../src/core/ports/kube.js';
import { err, ok } from '../../../../src/core/result.js';
import type { ClusterFacts } from '../../../../src/facts/cluster/cluster-facts.js';
import type { PerformPorts } from '../../../../src/run/perform.js';
import type { HostEffects } from '../../../../src/steps/effects.js';
import { readingOnly } from '../../../../src/steps/kube-reads.js';
import type { ApplyContext, VerifyContext, World } from '../../../../src/steps/step.js';
import { apiServer } from '../../../bundle/support/api/server.js';
import { fakeHost, worldOf } from '../../host/world.js';
import { CONF_DIR, changeDisk, type Disk, LAB_CONF, newDisk, readDisk } from './disks.js';
import { NODES, type Node } from './nodes.js';
import { addressOf, nodeOf, pod, refusedByBudget } from './pods.js';

/** Everything that changes something goes through this: a process may end before or after it. */
type Effect = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** The process is gone: nothing that it asks for happens any more. */
export class Killed extends Error {}

/** Three nodes with their files and pods, a kubelet and controllers that answer at once; all that outlives a process. */
export interface NetworkBench {
  readonly api: ReturnType<typeof apiServer>;
  readonly disks: Readonly<Record<Node, Disk>>;
  /** What the action has in its journal. */
  readonly memory: Map<string, Json>;
  readonly told: string[];
  /** Pods, by name or the beginning of it, that do not become ready in the new network, and why. */
  readonly broken: Map<string, string>;
  /** Names of pods that a budget guards. */
  readonly guarded: Set<string>;
  /** The address that `to` sees when `from` asks it; undefined = no answer. */
  sees: (from: KubeObject, to: string) => string | undefined;
  readonly put: (pod: KubeObject) => void;
  readonly pods: (namespace?: string) => readonly KubeObject[];
  readonly cordoned: (node: Node) => boolean;
  /** What of the world must be equal in the end: files, where pods are, which network they have. */
  readonly state: () => readonly string[];
  readonly context: (host: Node, run: string, cut?: number) => ApplyContext;
  readonly reading: (host: Node, outputs?: Readonly<Record<string, Json>>) => VerifyContext;
  readonly world: (host: Node) => World;
  /** What a whole run reaches of it, as long as its process lives. */
  readonly ports: (isDead: () => boolean) => Pick<PerformPorts, 'observe' | 'effects' | 'reads' | 'kube'>;
}

export const networkBench = (): NetworkBench => {
  const api = apiServer('shop');
  const disks = Object.fromEntries(NODES.map((node) => [node, newDisk()])) as Record<Node, Disk>;
  const memory = new Map<string, Json>();
  const told: string[] = [];
  let addresses = 1;
  let made = 1;

  const isNew = (node: string): boolean => disks[node as Node].has(LAB_CONF);
  const alive = (node: string): boolean => NODES.includes(node as Node);

  /** What the kubelet of a pod’s node makes of it. */
  const run = (object: KubeObject): KubeObject => {
    const node = nodeOf(object);
    if (object.kind !== 'Pod' || !alive(node) || addressOf(object) !== '') return object;
    const fresh = isNew(node);
    const why = [...bench.broken].find(([begin]) => object.metadata.name.startsWith(begin))?.[1];
    if (why !== undefined && fresh)
      return {
        ...object,
        status: {
          phase: 'Pending',
          podIP: `10.42.128.${(addresses += 1)}`,
          containerStatuses: [
            { name: 'main', ready: false, state: { waiting: { reason: 'ImagePullBackOff', message: why } } },
          ],
        },
      };
    const podIP = fresh
      ? `10.42.128.${(addresses += 1)}`
      : `10.42.${NODES.indexOf(node as Node)}.${(addresses += 1)}`;
    return {
      ...object,
      status: { phase: 'Running', podIP, conditions: [{ type: 'Ready', status: 'True' }] },
    };
  };
  api.settled = run;

  const store = (object: KubeObject) => api.put(object);
  const cordoned = (node: Node): boolean =>
    (api.find('v1', 'Node', node)?.['spec'] as { readonly unschedulable?: boolean }).unschedulable === true;

  /** What controllers make when one of their pods is gone. */
  const remake = (gone: KubeObject): void => {
    const [owner] = (gone.metadata['ownerReferences'] ?? []) as readonly {
      readonly kind: string;
      readonly name: string;
    }[];
    if (owner === undefined || api.find('v1', 'Namespace', gone.metadata.namespace ?? '') === undefined)
      return;
    const here = nodeOf(gone) as Node;
    const node = owner.kind === 'DaemonSet' || !cordoned(here) ? here : NODES.find((one) => !cordoned(one));
    if (node !== undefined)
      store(pod(`${owner.name}-${(made += 1)}`, node, owner.kind as 'DaemonSet' | 'ReplicaSet'));
  };

  const remove = (namespace: string, name: string): void => {
    const gone = api.find('v1', 'Pod', name, namespace);
    if (gone === undefined) return;
    api.store.remove({ resource: { group: '', version: 'v1', plural: 'pods' }, namespace, name });
    remake(gone);
  };

  /** As a server says it that listens for both families. */
  const seenBy = (source: KubeObject | undefined, to: string): string => {
    const seen = source === undefined ? undefined : bench.sees(source, to);
    return seen === undefined ? '-' : `[::ffff:${seen}]`;
  };

  const exec = (from: { readonly namespace: string; readonly name: string }, script: string): ExecOutput => {
    const source = api.find('v1', 'Pod', from.name, from.namespace);
    const targets = [...script.matchAll(/http:\/\/([\d.]+):/g)].map((found) => found[1] ?? '');
    const lines = targets.map((to) => `${to} ${seenBy(source, to)}`);
    return { status: 0, stdout: Buffer.from(lines.join('\n')), stderr: Buffer.from('') };
  };

  /** The API as one process reaches it; `step` may end the process before or after a write. */
  const kubeOf = (step: Effect): Kube => ({
    ...api.kube,
    list: (resource, options) => filtered(api.kube.list(resource, options), options?.fieldSelector),
    create: (ref, object, options) =>
      step(
        `create ${ref.below === undefined ? object.kind : 'Eviction'} ${object.metadata.name}`,
        async () => {
          if (ref.below?.subresource !== 'eviction') return api.kube.create(ref, object, options);
          const { name } = ref.below;
          if (bench.guarded.has(name)) return err(refusedByBudget(name));
          remove(ref.namespace ?? '', name);
          return ok(object);
        },
      ),
    delete: (ref, options) =>
      step(`delete ${ref.resource.plural} ${ref.name}`, async () => {
        if (ref.resource.plural === 'pods') {
          remove(ref.namespace ?? '', ref.name);
          return ok(undefined);
        }
        for (const each of bench.pods(ref.name)) remove(ref.name, each.metadata.name);
        return api.kube.delete(ref, options);
      }),
    patch: (ref, patch, options) => step(`patch ${ref.name}`, () => api.kube.patch(ref, patch, options)),
    exec: (from, command) => Promise.resolve(ok(exec(from, command.join(' ')))),
  });

  async function* filtered(
    pages: ReturnType<Kube['list']>,
    selector: string | undefined,
  ): ReturnType<Kube['list']> {
    for await (const page of pages) {
      if (!page.ok || selector?.startsWith('spec.nodeName=') !== true) yield page;
      else {
        const items = page.value.items.filter((item) => `spec.nodeName=${nodeOf(item)}` === selector);
        yield ok({ ...page.value, items });
      }
    }
  }

  const world = (host: Node): World => {
    const files = [...disks[host].keys()]
      .filter((path) => path.startsWith(CONF_DIR))
      .map((path) => ({ path }));
    const { hosts } = worldOf({
      cni: {
        readFrom: [{ runtime: 'k3s', confDir: CONF_DIR, binDir: '/bin', source: 'x' }],
        files,
        binaries: [],
      },
      kubernetes: {
        installs: [{ kind: 'k3s', active: 'active', enabled: 'enabled' }],
      } as never,
    });
    const facts = hosts.get('h1');
    const cluster = {
      nodes: NODES.map((name) => ({ name, unschedulable: cordoned(name) })),
    } as unknown as ClusterFacts;
    return { hosts: facts === undefined ? new Map() : new Map([[host, { ...facts, name: host }]]), cluster };
  };

  /** Hosts as one process changes them. */
  const effectsOf =
    (step: Effect) =>
    (name: string): HostEffects => ({
      ...fakeHost(world(name as Node)).context.on(name),
      read: (script) => readDisk(disks[name as Node], script),
      change: (script, options) =>
        step(`change ${name}`, () =>
          Promise.resolve(changeDisk(disks[name as Node], script, String(options?.data ?? ''))),
        ),
      files: (goals) =>
        step(`files ${name}`, () => {
          for (const { path, content } of goals) disks[name as Node].set(path, String(content));
          return Promise.resolve(ok(undefined));
        }),
    });

  const context = (host: Node, runId: string, cut = Number.POSITIVE_INFINITY): ApplyContext => {
    let effects = 0;
    let dead = false;
    const abort = new AbortController();
    const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      if (dead) throw new Killed();
      effects += 1;
      told.push(what);
      dead = effects >= cut;
      const answer = await work();
      if (!dead) return answer;
      abort.abort();
      throw new Killed();
    };
    return {
      ...fakeHost(world(host)).context,
      run: runId,
      subject: { host, hosts: [host] },
      world: world(host),
      on: effectsOf(step),
      kube: () => Promise.resolve(ok(kubeOf(step))),
      signal: abort.signal,
      progress: (text) => told.push(text),
      resumed: memory.get(`${runId} ${host}`),
      checkpoint: (value) =>
        step('checkpoint', () => {
          memory.set(`${runId} ${host}`, value);
          return Promise.resolve();
        }),
    };
  };

  const bench: NetworkBench = {
    api,
    disks,
    memory,
    told,
    broken: new Map(),
    guarded: new Set(),
    sees: (from) => addressOf(from),
    put: store,
    pods: (namespace) =>
      api.store
        .all({ group: '', version: 'v1', plural: 'pods' }, namespace)
        .filter(({ kind }) => kind === 'Pod'),
    cordoned,
    state: () =>
      [
        ...NODES.flatMap((node) => [...disks[node].keys()].map((path) => `${node} ${path}`)),
        ...NODES.map((node) => `${node} ${cordoned(node) ? 'cordoned' : 'open'}`),
        ...bench.pods('default').map((one) => {
          const owner = (
            one.metadata['ownerReferences'] as readonly { readonly name: string }[] | undefined
          )?.[0];
          return `${owner?.name ?? one.metadata.name} on ${nodeOf(one)} in ${addressOf(one).replace(/\.\d+$/, '')}`;
        }),
        ...api.store
          .all({ group: '', version: 'v1', plural: 'namespaces' })
          .map(({ metadata }) => metadata.name),
      ].sort(),
    context,
    reading: (host, outputs) => ({
      ...(outputs === undefined ? {} : { outputs }),
      subject: { host, hosts: [host] },
      world: world(host),
      again: () => Promise.resolve(world(host)),
      read: (name) => ({ read: (script) => readDisk(disks[name as Node], script) }),
      kube: () => Promise.resolve(ok(readingOnly(kubeOf((_what, work) => work())))),
      operator: fakeHost(world(host)).context.operator,
      signal: new AbortController().signal,
    }),
    world,
    ports: (isDead) => {
      const step: Effect = (what, work) => {
        if (isDead()) throw new Killed();
        told.push(what);
        return work();
      };
      const on = effectsOf(step);
      return {
        observe: (hosts) => {
          const all = hosts.map((host) => world(host as Node));
          const [first] = all;
          return Promise.resolve({ ...first, hosts: new Map(all.flatMap((one) => [...one.hosts])) });
        },
        effects: (_action, host) => on(host),
        reads: (_action, host) => on(host),
        kube: () => Promise.resolve(ok(kubeOf(step))),
      };
    },
  };
  store({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  for (const name of NODES)
    store({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: {},
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
  return bench;
};
