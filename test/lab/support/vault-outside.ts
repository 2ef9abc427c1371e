import { execa } from 'execa';
import { expect } from 'vitest';
import { MAIN, must } from './cli.js';
import { rootOn } from './cluster.js';

/** The Vault of a lab: a host of its own, and the folder of the spec that names it. */
export interface VaultOutside {
  readonly lab: string;
  readonly host: string;
  readonly address: string;
  readonly folder: string;
}

const PORT = 8200;

/** Only ever in files, and in variables of the host's shell. */
const SHELL = `cd /root/vault && export VAULT_ADDR=https://127.0.0.1:${PORT} VAULT_CACERT=/root/vault/ca.pem VAULT_TOKEN="$(cat root)"
api() { curl -fsS --cacert ca.pem -H "X-Vault-Token: $VAULT_TOKEN" "$@"; }
`;

/** Bytes into a file of a host, readable by root alone, through stdin. */
export const putFile = async (
  { lab, folder }: Pick<VaultOutside, 'lab' | 'folder'>,
  host: string,
  path: string,
  input: { readonly input: string } | { readonly inputFile: string },
): Promise<void> => {
  const command = `umask 077 && mkdir -p "$(dirname ${path})" && cat >${path} && chmod 700 ${path}`;
  await execa(process.execPath, [MAIN, 'lab', 'ssh', '--lab', lab, host, '--', command], {
    cwd: folder,
    ...input,
  });
};

/** The lab's program, from its cache; npm test has compiled it beforehand. */
const program = async (folder: string): Promise<string> => {
  const built = await must(['lab', 'build', '--only', 'vault', '-q'], folder);
  const [, path = ''] = /^vault .* (\/\S+)$/m.exec(built) ?? [];
  expect(path).not.toBe('');
  return path;
};

/** Runs commands where Vault is, as somebody who may do everything there. */
export const atVault = (vault: VaultOutside, commands: string): Promise<string> =>
  rootOn(vault.lab, vault.host, `${SHELL}${commands}`, vault.folder);

/** Starts the lab's server with a certificate for its address; gives the CA in PEM form. */
export const startVault = async (vault: VaultOutside, rootToken: string): Promise<string> => {
  await putFile(vault, vault.host, '/usr/local/bin/vault', { inputFile: await program(vault.folder) });
  await putFile(vault, vault.host, '/root/vault/root', { input: rootToken });
  await atVault(
    vault,
    `set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -subj '/CN=Vault CA' -keyout ca.key -out ca.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=vault' -keyout key.pem -out csr.pem
printf 'subjectAltName=IP:${vault.address},IP:127.0.0.1\\n' >san
openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 60 -extfile san -out cert.pem
systemd-run --quiet --unit=vault /usr/local/bin/vault server -tls-cert-file /root/vault/cert.pem -tls-key-file /root/vault/key.pem -root-token-file /root/vault/root
until api "$VAULT_ADDR/v1/sys/health" >/dev/null 2>&1; do systemctl is-active -q vault; sleep 0.2; done`,
  );
  return rootOn(vault.lab, vault.host, 'cat /root/vault/ca.pem', vault.folder);
};

/** Writes a new version of a secret; its values go through stdin. */
export const writeSecret = async (
  vault: VaultOutside,
  path: string,
  values: Readonly<Record<string, string>>,
): Promise<void> => {
  await putFile(vault, vault.host, '/root/vault/secret.json', { input: JSON.stringify({ data: values }) });
  await atVault(
    vault,
    `api -d @secret.json "$VAULT_ADDR/v1/secret/data/${path}" >/dev/null && rm secret.json`,
  );
};

/** Runs what `drover vault setup` prints, each part where it belongs; between them two files travel. */
export const runSetup = async (vault: VaultOutside, server: string): Promise<void> => {
  const printed = (part: string) => must(['vault', 'setup', '--only', part], vault.folder);
  const kubectl = 'kubectl() { k3s kubectl "$@"; }';
  await rootOn(
    vault.lab,
    server,
    `mkdir -p /root/v && cd /root/v && ${kubectl}; ${await printed('cluster')}`,
    vault.folder,
  );
  for (const file of ['reviewer.jwt', 'kubernetes-ca.crt']) {
    const input = await rootOn(vault.lab, server, `cat /root/v/${file}`, vault.folder);
    await putFile(vault, vault.host, `/root/vault/${file}`, { input });
  }
  await atVault(vault, `set -e\n${await printed('vault')}`);
};
