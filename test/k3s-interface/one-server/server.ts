import { expect } from 'vitest';
import { behaviour, REAL_K3S } from '../behaviour.js';
import { kubectl, kubectlNow } from '../kubectl.js';
import type { Bed } from '../rig.js';
import { SERVER } from './hosts.js';

const MANIFESTS = '/var/lib/rancher/k3s/server/manifests';

const configMap = (name: string, text = 'suite'): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { text },
  });

const packaged = (bed: () => Bed): void => {
  const write = (name: string, text: string) => bed().on('server-1', `cat >${MANIFESTS}/${name}`, text);
  const there = (name: string) =>
    expect.poll(() => kubectlNow(bed(), `get configmap ${name} -o name`), {
      timeout: 300_000,
      interval: 500,
    });

  behaviour('manifests', {
    'a file is applied and has an Addon with its source and checksum': async () => {
      await write('suite.yaml', `${configMap('one')}\n---\n${configMap('two')}\n`);
      await there('two').toBe('configmap/two');
      const addon = await kubectl(
        bed(),
        "get addons.k3s.cattle.io -n kube-system suite -o jsonpath='{.spec.source} {.spec.checksum}'",
      );
      expect(addon).toMatch(new RegExp(`^${MANIFESTS}/suite.yaml [0-9a-f]{64}$`));
    },
    'what a changed file no longer holds goes': async () => {
      await write('suite.yaml', configMap('two', 'changed'));
      await there('one').toContain('NotFound');
      expect(await kubectl(bed(), 'get configmap two -o jsonpath={.data.text}')).toBe('changed');
    },
    'a file with .skip beside it is left alone, and a file that goes leaves its objects': async () => {
      await write('suite.yaml.skip', '');
      await write('suite.yaml', configMap('never'));
      await bed().on('server-1', `rm ${MANIFESTS}/suite.yaml`);
      await write('skipped.yaml.skip', '');
      await write('skipped.yaml', configMap('skipped'));
      await write('zz-after.yaml', configMap('after'));
      await there('after').toBe('configmap/after');
      expect(await kubectlNow(bed(), 'get configmap skipped never')).toMatch(
        /"skipped" not found[\s\S]*"never" not found/,
      );
      expect(await kubectl(bed(), 'get configmap two -o name')).toBe('configmap/two');
    },
  });

  behaviour('packaged', {
    'CoreDNS knows the nodes, and metrics-server and local-path are there': async () => {
      for (const name of ['coredns', 'local-path-provisioner', 'metrics-server']) {
        await kubectl(bed(), `rollout status -n kube-system --timeout=300s deploy/${name}`);
      }
      await expect
        .poll(() => kubectl(bed(), 'get configmap -n kube-system coredns -o jsonpath={.data.NodeHosts}'), {
          timeout: 300_000,
        })
        .toMatch(/^10\.92\.0\.11 server-1\n10\.92\.1\.21 agent-1$/);
      expect(await kubectl(bed(), 'get storageclass local-path -o jsonpath={.provisioner}')).toBe(
        'rancher.io/local-path',
      );
    },
  });

  behaviour('packaged-absent', {
    'nothing of them is deployed': async () => {
      const addons = await kubectl(bed(), 'get addons.k3s.cattle.io -n kube-system -o name');
      expect(addons).toContain('addon.k3s.cattle.io/coredns');
      expect(addons).not.toMatch(/traefik|servicelb|runtimes/);
      expect(await kubectl(bed(), 'get crd -o name')).not.toContain('helm.cattle.io');
    },
  });
};

const atRest = (bed: () => Bed): void => {
  const database = '/var/lib/rancher/k3s/server/db/etcd/member/snap/db';
  const inDatabase = (word: string) => bed().on('server-1', `grep -c ${word} ${database} || true`);

  behaviour('secrets-encryption', {
    'the datastore holds no word of a Secret, but those of a ConfigMap': async () => {
      await kubectl(bed(), 'create secret generic hidden --from-literal=word=suite-secret-word');
      await kubectl(bed(), 'create configmap shown --from-literal=word=suite-open-word');
      await expect.poll(() => inDatabase('suite-open-word'), { timeout: 300_000 }).not.toBe('0');
      expect(await inDatabase('suite-secret-word')).toBe('0');
    },
    'status says so': async () => {
      const text = await bed().on('server-1', 'k3s secrets-encrypt status');
      expect(text).toContain('Encryption Status: Enabled');
      expect(text).toMatch(/Current Rotation Stage: \w+/);
      expect(text).toMatch(/\* +AES-CBC +aescbckey/);
    },
  });

  behaviour('secrets-encrypt-change', {
    'is refused': async () => {
      for (const word of ['rotate-keys', 'reencrypt', 'prepare', 'rotate', 'disable']) {
        const ran = await bed().run('server-1', `k3s secrets-encrypt ${word} 2>&1`);
        expect(ran.status).toBe(1);
        expect(ran.text).toContain(`lab engine: k3s secrets-encrypt ${word} is not supported`);
      }
    },
  });
};

const commands = (bed: () => Bed): void => {
  behaviour('cli', {
    'says its version, the lab engine its name': async () => {
      const [first = '', second = ''] = (await bed().on('server-1', 'k3s --version')).split('\n');
      expect(first).toMatch(/^k3s version v1\.\d+\.\d+\+k3s\d+\S* \(\S+\)$/);
      expect(second).toMatch(/^go version go1\./);
      if (REAL_K3S === undefined) expect(first).toContain('(drover-lab-engine)');
    },
    'runs kubectl and ctr, under its own name and under theirs': async () => {
      const client = 'version --client -o yaml';
      expect(await bed().on('server-1', `kubectl ${client}`)).toBe(
        await bed().on('server-1', `k3s kubectl ${client}`),
      );
      expect(await bed().on('server-1', 'ctr images ls -q')).toBe(
        await bed().on('server-1', 'k3s ctr images ls -q'),
      );
    },
  });

  behaviour('cli-absent', {
    'is refused': async () => {
      for (const command of ['crictl', 'check-config']) {
        const ran = await bed().run('server-1', `k3s ${command} 2>&1`);
        expect(ran.status).toBe(1);
        expect(ran.text).toContain(`lab engine: k3s ${command} is not part of it`);
      }
    },
  });

  behaviour('certificates', {
    'are listed in four forms': async () => {
      const check = (format: string) => bed().on('server-1', `k3s certificate check --output ${format} 2>&1`);
      expect(await check('table')).toMatch(
        /FILENAME +SUBJECT +USAGES +EXPIRES +RESIDUAL TIME +STATUS[\s\S]*client-admin\.crt.*OK/,
      );
      expect(await check('text')).toMatch(/client-admin\.crt: certificate .* is ok, expires at/);
      expect(await check('yaml')).toMatch(/client-admin\.crt/);
      const json = (await check('json')).split('\n').find((line) => line.startsWith('{')) ?? '';
      expect(JSON.stringify(JSON.parse(json))).toContain('serving-kube-apiserver.crt');
      expect(await bed().on('agent-1', 'k3s certificate check --output table 2>&1')).toMatch(
        /client-kubelet\.crt.*OK/,
      );
    },
  });

  behaviour('certificate-ca', {
    'is refused': async () => {
      const ran = await bed().run('server-1', 'k3s certificate rotate-ca 2>&1');
      expect(ran.status).toBe(1);
      expect(ran.text).toContain('lab engine: k3s certificate rotate-ca is not supported');
    },
  });
};

const inside = (bed: () => Bed): void => {
  behaviour('processes', {
    'components are children, and a scheduler that ends is started again alone': async () => {
      const pid = (name: string) => bed().on('server-1', `pgrep -o -x ${name}`);
      const engine = await bed().on('server-1', 'systemctl show -p MainPID --value k3s');
      const before = await pid('kube-scheduler');
      expect(await bed().on('server-1', `ps -o ppid= -p ${before} | tr -d ' '`)).toBe(engine);
      await bed().on('server-1', `kill ${before}`);
      await expect
        .poll(
          () =>
            bed()
              .run('server-1', 'pgrep -o -x kube-scheduler')
              .then(({ stdout }) => stdout.trim()),
          { timeout: 300_000 },
        )
        .toSatisfy((now: string) => now !== '' && now !== before);
      expect(await bed().on('server-1', 'systemctl show -p MainPID --value k3s')).toBe(engine);
    },
  });

  behaviour('supervisor', {
    'answers on the API’s port, without the tunnel': async () => {
      const get = (path: string, more = '') =>
        bed().on('agent-1', `curl -sk ${more} https://${SERVER}:6443${path}`);
      expect(await get('/ping')).toBe('pong');
      expect(await get('/cacerts')).toBe(
        await bed().on('server-1', 'cat /var/lib/rancher/k3s/server/tls/server-ca.crt'),
      );
      const code = (path: string, more = '') => get(path, `-o /dev/null -w '%{http_code}' ${more}`);
      expect(await code('/v1-k3s/config')).toBe('401');
      expect(await code('/v1-k3s/config', '-u node:agent-secret')).toBe('200');
      expect(await code('/v1-k3s/server-bootstrap', '-u node:agent-secret')).toBe('401');
      expect(await code('/v1-k3s/connect', '-u node:agent-secret')).toBe('404');
    },
  });
};

/** What a server deploys, keeps and says. */
export const server = (bed: () => Bed): void => {
  atRest(bed);
  commands(bed);
  inside(bed);
  packaged(bed);
};
