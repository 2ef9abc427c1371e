import { readFile } from 'node:fs/promises';
import { vi } from 'vitest';
import { type Bed, built } from '../rig.js';
import { OUTSIDER, PLAIN_REGISTRY } from './hosts.js';

/** bcrypt of "pulled". */
const PASSWORDS = 'suite:$2a$04$WgTLLDPWEUTG12wz3dt45eImRZZlnTfDTx9dPWrYw48B4I917JHOK\n';

const config = (port: number, more: string): string => `version: 0.1
log: { accesslog: { disabled: false } }
storage: { filesystem: { rootdirectory: /opt/registry/data } }
${more}http:
  addr: :${port}
`;

const SAFE = `${config(5000, 'auth: { htpasswd: { realm: suite, path: /opt/registry/passwords } }\n')}  tls:
    certificate: /opt/registry/tls.crt
    key: /opt/registry/tls.key
`;

/** Runs the distribution registry on the outsider twice over the same images: with TLS and a password, and without. */
export const startRegistries = async (bed: Bed): Promise<void> => {
  const program = (await built(['registry'])).programs.find(({ name }) => name === 'registry');
  await bed.on(
    'agent-2',
    'mkdir -p /opt/registry; cat >/opt/registry/registry',
    await readFile(program?.path ?? ''),
  );
  await bed.on('agent-2', 'cat >/opt/registry/passwords', PASSWORDS);
  await bed.on('agent-2', 'cat >/opt/registry/safe.yml', SAFE);
  await bed.on('agent-2', 'cat >/opt/registry/plain.yml', config(5001, ''));
  await bed.on(
    'agent-2',
    `cd /opt/registry; chmod 755 registry
     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout tls.key -out tls.crt \\
       -subj /CN=registry -addext subjectAltName=IP:${OUTSIDER} 2>/dev/null
     for kind in safe plain; do systemd-run -q --unit registry-$kind /opt/registry/registry serve /opt/registry/$kind.yml; done`,
  );
  await vi.waitFor(() => bed.on('agent-2', `curl -sf http://${PLAIN_REGISTRY}/v2/`), { timeout: 300_000 });
};

/** What a registry was asked for, from its own log. */
export const asked = (bed: Bed, kind: 'safe' | 'plain'): Promise<string> =>
  bed.on('agent-2', `journalctl -q -o cat -u registry-${kind}`);
