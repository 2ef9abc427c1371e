import { createHash } from 'node:crypto';
import { defineCollector } from '../collector.js';
import { blocksOf, linesOf } from './blocks.js';

const unique = (items: readonly string[]): string[] => [...new Set(items)];

/** `ssh-ed25519 AAAA… comment` → the fingerprint that ssh-keygen prints. */
const fingerprintOf = (line: string): string[] => {
  const key = /^\S+ (AAAA[0-9A-Za-z+/]+=*)/.exec(line)?.[1];
  if (key === undefined) return [];
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return [`SHA256:${digest.replace(/=+$/, '')}`];
};

export const identity = defineCollector({
  id: 'identity',
  title: 'Names and ids that make a host itself',
  volatile: false,
  needsRoot: false,
  script: `
name=$(uname -n)
block hostname; echo "$name"
block static; say /etc/hostname
block machine-id; say /etc/machine-id
block product-uuid; say /sys/class/dmi/id/product_uuid
block resolves; if has getent; then limit 2 getent ahosts "$name"; fi
block keys
say /etc/ssh/ssh_host_*_key.pub
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const productUuid = block('product-uuid').toLowerCase();
    const hostname = block('hostname');
    if (hostname === '') return { error: 'the kernel gave no hostname' };
    return {
      value: {
        hostname,
        staticHostname: linesOf(block('static')).find((line) => !line.startsWith('#')) ?? '',
        machineId: block('machine-id'),
        ...(productUuid === '' ? {} : { productUuid }),
        hostnameResolvesTo: unique(linesOf(block('resolves')).map((line) => line.split(/\s+/)[0] ?? '')),
        sshHostKeys: linesOf(block('keys')).flatMap(fingerprintOf),
      },
    };
  },
});
