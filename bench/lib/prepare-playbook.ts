import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchLab } from './lab.js';
import type { Timed } from './measure.js';

/** The host preparation of Drover's plan as an ordinary playbook: modules, sysctls, names, swap, time, packages. */
const playbook = (lab: BenchLab): string => `- hosts: all
  gather_facts: true
  tasks:
    - name: Packages
      ansible.builtin.package: { name: [iptables, conntrack, ipset, curl], state: present }
    - name: Swap is off now
      ansible.builtin.command: swapoff -a
      changed_when: false
    - name: Swap stays off
      ansible.builtin.replace: { path: /etc/fstab, regexp: '^([^#].*\\sswap\\s.*)$', replace: '# \\1' }
      failed_when: false
    - name: Modules at boot
      ansible.builtin.copy: { dest: /etc/modules-load.d/bench.conf, content: "br_netfilter\\noverlay\\n", mode: "0644" }
    - name: Kernel settings
      ansible.builtin.copy:
        dest: /etc/sysctl.d/90-bench.conf
        mode: "0644"
        content: |
          net.ipv4.ip_forward = 1
          net.bridge.bridge-nf-call-iptables = 1
          fs.inotify.max_user_instances = 8192
          fs.inotify.max_user_watches = 524288
          net.netfilter.nf_conntrack_max = 262144
    - name: Host name
      ansible.builtin.command: hostname
      changed_when: false
    - name: Hosts entries
      ansible.builtin.blockinfile:
        path: /etc/hosts
        unsafe_writes: true
        block: |
${lab.hosts.map((address, at) => `          ${address} node-${at + 1}`).join('\n')}
    - name: Time is synchronised
      ansible.builtin.command: timedatectl show
      changed_when: false
      failed_when: false
    - name: Folders of K3s
      ansible.builtin.file: { path: "{{ item }}", state: directory, mode: "0755" }
      loop: [/etc/rancher/k3s, /etc/rancher/k3s/config.yaml.d, /var/lib/rancher/k3s/agent/images]
    - name: K3s
      ansible.builtin.stat: { path: /usr/local/bin/k3s, checksum_algorithm: sha256 }
    - name: K3s runs
      ansible.builtin.service_facts:
`;

/** The playbook with eight forks and pipelining, as somebody who wants it fast runs it. */
export const prepareCommand = (ansible: string, lab: BenchLab): Timed => {
  const path = join(mkdtempSync(join(tmpdir(), 'drover-bench-')), 'prepare.yml');
  writeFileSync(path, playbook(lab));
  const hosts = `${lab.hosts.join(',')},`;
  return {
    command: [
      'nsenter',
      `--net=${lab.netns}`,
      '--',
      `${ansible}-playbook`,
      '-i',
      hosts,
      '-u',
      'root',
      '-f',
      '8',
      path,
    ],
    env: {
      ANSIBLE_PIPELINING: 'True',
      ANSIBLE_SSH_ARGS: `-F ${lab.sshConfig} -C -o ControlMaster=auto -o ControlPersist=60s`,
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      LC_ALL: 'C.UTF-8',
    },
  };
};
