import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { rootOn } from '../lab/support/cluster.js';
import { furnish } from '../lab/support/machine-inside.js';

const LAB = 'it-vm-inside';
const SPEC = `apiVersion: drover/v1
kind: Cluster
metadata: { name: inner }
spec:
  network: { nodes: 10.90.0.0/24 }
  hosts:
    - { name: server-1, address: 10.90.0.11, role: server }
    - { name: agent-1, address: 10.90.0.21, role: agent }
`;
let folder: string;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.89.0', servers: 1, agents: 0 });
  await must(['lab', 'up', '--vm', '--vm-memory', '3072', '--timeout', '600'], folder);
  await must(['lab', 'crash', '--lab', LAB, 'server-1'], folder);
  await furnish(LAB, 'server-1', folder);
  await must(['lab', 'start', '--lab', LAB, 'server-1'], folder);
  await inside(`mkdir -p /root/inner; cat >/root/inner/drover.yaml <<'EOF'\n${SPEC}EOF`);
}, 900_000);
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

/** Runs a command on the virtual machine, which stands for a user's own. */
const inside = (command: string): Promise<string> =>
  rootOn(LAB, 'server-1', `cd /root/inner 2>/dev/null; ${command}`, folder);

/** Everything of a lab that the machine itself could still see. */
const TRACES =
  'ip netns list; ls /sys/fs/cgroup/system.slice | grep drover || true; grep drover /proc/mounts || true';

// Emulated processors are ten times slower: what counts is that it works, in whatever time.
describe('a machine with systemd and cgroup v2 alone, as most users have it', { timeout: 900_000 }, () => {
  it('is such a machine', async () => {
    expect(await inside('stat -fc %T /sys/fs/cgroup; cat /proc/1/comm; uname -r')).toMatch(
      /^cgroup2fs\nsystemd\n6\.\d+\.\S+-cloud-amd64$/,
    );
  });

  it('runs a lab with a cluster whose server becomes Ready, and is left as it was', async ({
    onTestFailed,
  }) => {
    // Its lab must not stand in the next one's way. Otherwise nobody asks: every command takes many seconds here.
    onTestFailed(async () => {
      await inside('drover lab down -q 2>/dev/null || true');
    });
    const before = await inside(`cat /proc/sys/fs/inotify/max_user_instances; ${TRACES}`);
    await inside('drover lab up --cluster server-1 -q --timeout 400');
    expect(await inside('drover lab ssh server-1 -- k3s kubectl get nodes --no-headers')).toMatch(
      /^server-1\s+Ready\s+control-plane/,
    );
    const group = await inside("drover lab ssh server-1 -- 'cat /proc/$(pgrep -o -x kubelet)/cgroup'");
    expect(group).toMatch(/^0::\/\S+$/);
    await inside('drover lab down -q');
    expect(await inside(`cat /proc/sys/fs/inotify/max_user_instances; ${TRACES}`)).toBe(before);
  });
});
