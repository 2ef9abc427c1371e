import { describe, expect, it } from 'vitest';
import { parseHierarchies } from '../../src/lab/cgroups/groups.js';
import { parseMountsBelow } from '../../src/lab/host/disk.js';
import { hostFiles } from '../../src/lab/host/files.js';
import { launchCommand, type NspawnInput } from '../../src/lab/host/nspawn.js';
import { hostPaths, labPaths } from '../../src/lab/paths.js';
import { knownHosts, sshConfig } from '../../src/lab/ssh/config.js';
import { planOf } from './rig.js';

const paths = labPaths({ XDG_STATE_HOME: '/state' }, 'shop');
const given = {
  identity: {
    hostKeyPublic: 'ssh-ed25519 AAAA',
    hostKeyPrivate: 'PRIVATE\n',
    authorizedKey: 'ssh-ed25519 BBBB',
  },
  accounts: { passwd: 'root:x:0:0::/root:/bin/bash\n', group: 'root:x:0:\n', shadow: 'root:*::::::\n' },
};
const filesOf = (index: number, plan = planOf()) =>
  new Map(hostFiles(plan, plan.hosts[index]!, given).map((file) => [file.path, file]));

describe('the files of a host', () => {
  it('give it its name, address and resolvers', () => {
    const files = filesOf(0);
    expect(files.get('etc/hostname')?.content).toBe('server-1\n');
    expect(files.get('etc/resolv.conf')?.content).toBe('nameserver 1.1.1.1\nnameserver 8.8.8.8\n');
    expect(files.get('etc/systemd/network/10-host0.network')?.content).toMatchInlineSnapshot(`
      "[Match]
      Name=host0

      [Network]
      Address=10.0.0.11/24
      LinkLocalAddressing=no
      IPv6AcceptRA=no
      LLDP=no

      [Route]
      Gateway=10.0.0.1
      "
    `);
    expect(files.get('etc/ssh/ssh_host_ed25519_key')?.mode).toBe(0o600);
  });

  it('put it behind a gateway on a routed network', () => {
    const unit = filesOf(0, planOf({ network: 'routed' })).get(
      'etc/systemd/network/10-host0.network',
    )?.content;
    expect(unit).toMatchInlineSnapshot(`
      "[Match]
      Name=host0

      [Link]
      MTUBytes=1450

      [Network]
      Address=10.0.0.11/32
      LinkLocalAddressing=no
      IPv6AcceptRA=no
      LLDP=no

      [Route]
      Destination=10.0.0.0/16
      Gateway=10.0.0.1
      GatewayOnLink=yes

      [Route]
      Destination=0.0.0.0/0
      Gateway=10.0.0.1
      GatewayOnLink=yes
      "
    `);
  });

  it('make the login user of the spec, with sudo, and its port', () => {
    const files = filesOf(1);
    expect(files.get('etc/passwd')?.content).toContain('ubuntu:x:1000:1000::/home/ubuntu:/bin/bash');
    expect(files.get('etc/sudoers.d/90-ubuntu')).toMatchObject({
      mode: 0o440,
      content: 'ubuntu ALL=(ALL) NOPASSWD:ALL\n',
    });
    expect(files.get('home/ubuntu/.ssh/authorized_keys')?.owner).toBe(1000);
    expect(files.get('etc/ssh/sshd_config.d/20-port.conf')?.content).toBe('Port 2222\n');
    expect(filesOf(0).has('etc/passwd')).toBe(false);
  });

  it('derive a machine-id from the host key: own to each host, the same after a reset', () => {
    expect(filesOf(0).get('etc/machine-id')?.content).toMatch(/^[0-9a-f]{32}\n$/);
  });
});

describe('the command that starts a host', () => {
  const input: NspawnInput = {
    plan: planOf(),
    host: 'server-1',
    paths: hostPaths(paths, 'server-1'),
    cgroups: 'v1',
    modules: false,
  };

  it('joins the groups, enters the namespace, then becomes the container', () => {
    const [file, args] = launchCommand(input, ['/sys/fs/cgroup/pids/g']);
    expect(file).toBe('sh');
    expect(args.slice(2, 8)).toEqual([
      'sh',
      '1',
      '/sys/fs/cgroup/pids/g',
      'nsenter',
      '--net=/run/netns/drover-shop',
      '--',
    ]);
    expect(args.slice(8)).toMatchInlineSnapshot(`
      [
        "systemd-nspawn",
        "--quiet",
        "--boot",
        "--register=no",
        "--keep-unit",
        "--settings=no",
        "--directory=/state/drover/labs/shop/hosts/server-1/root",
        "--machine=8d9001-0",
        "--hostname=server-1",
        "--network-bridge=br0",
        "--capability=all",
        "--drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE",
        "--system-call-filter=add_key keyctl bpf perf_event_open",
        "--bind=/state/drover/labs/shop/hosts/server-1/disk/var-lib-rancher:/var/lib/rancher",
        "--bind=/state/drover/labs/shop/hosts/server-1/disk/var-lib-kubelet:/var/lib/kubelet",
        "--bind=/state/drover/labs/shop/hosts/server-1/disk/var-lib-containerd:/var/lib/containerd",
        "--bind=/state/drover/labs/shop/hosts/server-1/disk/var-lib-etcd:/var/lib/etcd",
        "--bind=/dev/kmsg",
        "--resolv-conf=off",
        "--timezone=off",
        "--link-journal=no",
        "systemd.unified_cgroup_hierarchy=0",
        "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1",
      ]
    `);
  });

  it('asks systemd for a delegated scope where systemd owns the groups', () => {
    const [file, args] = launchCommand({ ...input, cgroups: 'scope' }, []);
    expect(file).toBe('systemd-run');
    expect(args.slice(0, 6)).toEqual([
      '--quiet',
      '--scope',
      '--collect',
      '--unit=drover-shop-server-1',
      '--property=Delegate=yes',
      '--',
    ]);
    expect(args).not.toContain('systemd.unified_cgroup_hierarchy=0');
  });
});

describe('what the kernel says', () => {
  it('lists every hierarchy below /sys/fs/cgroup once', () => {
    const text = [
      '30 24 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro',
      '31 30 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
      '32 30 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
      '33 30 0:27 / /elsewhere/pids rw - cgroup cgroup rw,pids',
    ].join('\n');
    expect(parseHierarchies(text)).toEqual(['/sys/fs/cgroup/pids', '/sys/fs/cgroup/unified']);
  });

  it('lists mounts below a folder, deepest first, with spaces in their names', () => {
    const text = [
      '1 0 0:1 / /labs/a/hosts/x rw - a a',
      '2 1 0:2 / /labs/a/hosts/x/my\\040disk rw - a a',
      '3 0 0:3 / /labs/ab rw - a a',
    ].join('\n');
    expect(parseMountsBelow(text, '/labs/a')).toEqual(['/labs/a/hosts/x/my disk', '/labs/a/hosts/x']);
  });
});

describe('ssh of the lab', () => {
  it('reads nothing of the user and always checks keys', () => {
    expect(sshConfig(planOf(), paths)).toMatchInlineSnapshot(`
      "# ssh configuration of the lab shop; made by \`drover lab up\`
      Host server-1 10.0.0.11
        HostName 10.0.0.11
        Port 22
        HostKeyAlias server-1
        User root
      Host agent-1 10.0.0.21
        HostName 10.0.0.21
        Port 2222
        HostKeyAlias agent-1
        User ubuntu
      Host *
        IdentityFile "/state/drover/labs/shop/ssh/id_ed25519"
        IdentitiesOnly yes
        UserKnownHostsFile "/state/drover/labs/shop/ssh/known_hosts"
        GlobalKnownHostsFile /dev/null
        StrictHostKeyChecking yes
        PasswordAuthentication no
        ForwardAgent no
        LogLevel ERROR
      "
    `);
  });

  it('knows keys by name and address, with the port where it is another', () => {
    const keys = new Map([
      ['server-1', 'ssh-ed25519 AAAA'],
      ['agent-1', 'ssh-ed25519 CCCC'],
    ]);
    expect(knownHosts(planOf().hosts, keys)).toBe(
      'server-1,10.0.0.11 ssh-ed25519 AAAA\nagent-1,10.0.0.21,[agent-1]:2222,[10.0.0.21]:2222 ssh-ed25519 CCCC\n',
    );
  });
});
