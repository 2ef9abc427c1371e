import { expect } from 'vitest';
import { behaviour } from '../behaviour.js';
import { kubectl, kubectlNow, nodesReady } from '../kubectl.js';
import type { Bed, Ran } from '../rig.js';
import { SERVER } from './hosts.js';

const URL = `https://${SERVER}:6443`;
/** Beside whatever is installed on the outsider. */
const SECOND = '--config /dev/null --data-dir /tmp/second --lb-server-port 7444';

/** Starts a server or an agent on the outsider for a moment. Ends by itself when it is refused. */
const tryOn = (bed: Bed, role: 'server' | 'agent', words: string): Promise<Ran> =>
  bed.run('agent-2', `timeout 20 k3s ${role} ${SECOND} --server ${URL} ${words} 2>&1`);

/** As {@link tryOn}, for a refusal that is repeated for ever: until its words were seen. */
const until = (bed: Bed, words: string, flags: string): Promise<string> =>
  bed.on(
    'agent-2',
    `k3s agent ${SECOND} --server ${URL} ${flags} >/tmp/second.log 2>&1 & pid=$!
     tries=0; until grep -q -e '${words}' /tmp/second.log || [ $tries -ge 200 ]; do tries=$((tries + 1)); sleep 0.1; done
     kill $pid; wait $pid || true; grep -m1 -e '${words}' /tmp/second.log`,
  );

const refused = (bed: () => Bed): void => {
  behaviour('token-wrong-ca', {
    'by servers that would join': async () => {
      const token = `K10${'0'.repeat(64)}::server:first-secret`;
      const ran = await tryOn(bed(), 'server', `--token ${token}`);
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toMatch(
        /token CA hash does not match the Cluster CA certificate hash: 0{64} != [0-9a-f]{64}/,
      );
    },
    'by agents': async () => {
      const words = 'token CA hash does not match the Cluster CA certificate hash';
      expect(await until(bed(), words, `--token K10${'0'.repeat(64)}::node:agent-secret`)).toContain(words);
    },
  });

  behaviour('token-wrong-password', {
    'servers end': async () => {
      const ran = await tryOn(bed(), 'server', '--token wrong');
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toMatch(/401 Unauthorized/);
    },
    'agents say so': async () => {
      expect(await until(bed(), '401 Unauthorized', '--token wrong')).toContain('401 Unauthorized');
    },
  });

  behaviour('agent-token', {
    'is what node-token holds, and agents join with it': async () => {
      const full = await bed().on('server-1', 'cat /var/lib/rancher/k3s/server/node-token');
      expect(full).toMatch(/^K10[0-9a-f]{64}::node:agent-secret$/);
      expect(await kubectl(bed(), 'get nodes -o name')).toContain('node/agent-1');
    },
    'does not join servers': async () => {
      const ran = await tryOn(bed(), 'server', '--token agent-secret');
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toMatch(/401 Unauthorized/);
    },
  });
};

const NAME = `get nodes -o jsonpath='{range .items[*]}{.metadata.name}{"\\n"}{end}' | grep spare`;

const joins = (bed: () => Bed): void => {
  const config = (token: string): string =>
    `server: ${URL}\ntoken: ${token}\nnode-name: spare\nwith-node-id: true\n`;

  behaviour('token-command', {
    'generates, creates and lists bootstrap tokens': async () => {
      expect(await bed().on('server-1', 'k3s token generate')).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
      const token = await bed().on('server-1', 'k3s token create --ttl 1h --description suite');
      expect(token).toMatch(/^K10[0-9a-f]{64}::[a-z0-9]{6}\.[a-z0-9]{16}$/);
      expect(await bed().on('server-1', 'k3s token list')).toMatch(
        /^TOKEN +TTL +EXPIRES +USAGES +DESCRIPTION +EXTRA GROUPS\n.*suite/,
      );
      await bed().install('agent-2', {
        role: 'agent',
        files: { '/etc/rancher/k3s/config.yaml': config(token) },
        images: { pause: 'tar' },
      });
    },
    'lets agents join with one': async () => {
      await bed().on('agent-2', 'systemctl start k3s-agent');
      await expect.poll(() => kubectlNow(bed(), NAME), { timeout: 300_000 }).toMatch(/^spare-[0-9a-f]{8}$/);
      await nodesReady(bed(), ['server-1', 'agent-1', await kubectl(bed(), NAME)]);
    },
    'deletes them': async () => {
      const id = (await bed().on('server-1', 'k3s token list | tail -n 1')).split(/[ .]/)[0] ?? '';
      expect(await bed().on('server-1', `k3s token delete ${id}`)).toContain(
        `bootstrap token "${id}" deleted`,
      );
      expect(await bed().on('server-1', 'k3s token list')).not.toContain(id);
    },
  });

  behaviour('node-password', {
    'another host with a node’s name is rejected': async () => {
      const words = 'Node password rejected, duplicate hostname';
      await bed().on('agent-2', 'systemctl stop k3s-agent; k3s-killall.sh');
      expect(await until(bed(), words, '--token agent-secret --node-name agent-1')).toContain(words);
    },
    'a deleted Node frees its name for another host': async () => {
      const name = await kubectl(bed(), NAME);
      const secret = `get secret -n kube-system ${name}.node-password.k3s`;
      await kubectl(bed(), secret);
      await bed().on('agent-2', 'echo 0123456789abcdef0123456789abcdef >/etc/rancher/node/password');
      await kubectl(bed(), `delete node ${name}`);
      expect(await kubectlNow(bed(), secret)).toContain('NotFound');
      await bed().on(
        'agent-2',
        "sed -i 's/^token:.*/token: agent-secret/' /etc/rancher/k3s/config.yaml; systemctl start k3s-agent",
      );
      await nodesReady(bed(), ['server-1', 'agent-1', name]);
    },
  });

  behaviour('service-types', {
    'a server’s start ends when the API answers (see pods-survive), an agent is active at once': async () => {
      expect(await bed().on('server-1', 'systemctl show -p Type --value k3s')).toBe('notify');
      expect(await bed().on('agent-1', 'systemctl show -p Type --value k3s-agent')).toBe('exec');
      const nowhere =
        "sed -i 's/^server:.*/server: https:\\/\\/10.92.0.99:6443/' /etc/rancher/k3s/config.yaml";
      await bed().on(
        'agent-2',
        `systemctl stop k3s-agent; ${nowhere}; systemctl start k3s-agent; systemctl is-active k3s-agent`,
      );
      await bed().on('agent-2', 'systemctl stop k3s-agent; k3s-killall.sh');
      await kubectl(bed(), `delete node ${await kubectl(bed(), NAME)}`);
    },
  });
};

/** Who may join, and by which word. */
export const tokens = (bed: () => Bed): void => {
  refused(bed);
  joins(bed);
};
