import type { TableField } from '../schema/hosts.js';

/** Headers by meaning, French and English, written as {@link normalise} leaves them. */
const HEADERS: Readonly<Record<TableField, readonly string[]>> = {
  name: [
    'hostname',
    'host',
    'name',
    'nom',
    'serveur',
    'server',
    'servername',
    'nomserveur',
    'nomduserveur',
    'hote',
    'machine',
    'nomhote',
    'node',
    'noeud',
  ],
  address: [
    'ipprivee',
    'privateip',
    'ippriv',
    'ipinterne',
    'internalip',
    'adresseprivee',
    'privateaddress',
    'ip',
    'adresseip',
    'ipaddress',
    'address',
    'adresse',
    'iplan',
    'lanip',
    'ansiblehost',
  ],
  publicAddress: [
    'ippublique',
    'publicip',
    'ippub',
    'ipexterne',
    'externalip',
    'adressepublique',
    'publicaddress',
    'wanip',
    'ipwan',
    'ipv4publique',
  ],
  role: ['role', 'type', 'fonction', 'function'],
  subrole: ['subrole', 'sousrole', 'soustype', 'subtype'],
  stack: ['dockerstack', 'stack', 'piledocker', 'pile'],
  environment: ['env', 'environment', 'environnement'],
  notes: [
    'notes',
    'note',
    'commentaire',
    'commentaires',
    'comment',
    'comments',
    'remarque',
    'remarques',
    'description',
  ],
  domain: ['fqdn', 'domain', 'domaine', 'nomdns', 'dnsname', 'dns'],
  user: ['userssh', 'sshuser', 'user', 'utilisateur', 'utilisateurssh', 'login', 'ansibleuser'],
  port: ['portssh', 'sshport', 'port', 'ansibleport'],
  pool: ['pool', 'groupe', 'group'],
  purpose: ['purpose', 'usage', 'destination', 'vocation'],
};

/** Case, accents, spaces, dashes and underscores do not matter in headers and in values that are compared. */
export const normalise = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

const FIELD_OF: ReadonlyMap<string, TableField> = new Map(
  Object.entries(HEADERS).flatMap(([field, names]) =>
    names.map((name) => [name, field as TableField] as const),
  ),
);

/** What a header means; undefined when Drover has no meaning for it. */
export const fieldOf = (header: string): TableField | undefined => FIELD_OF.get(normalise(header));

/** A usual spelling of each header, for suggestions. */
export const KNOWN_HEADERS = [
  'HOSTNAME',
  'NOM',
  'SERVEUR',
  'IP_PRIVEE',
  'PRIVATE_IP',
  'IP_PUBLIQUE',
  'PUBLIC_IP',
  'ROLE',
  'SUBROLE',
  'DOCKER_STACK',
  'ENV',
  'NOTES',
  'FQDN',
  'USER_SSH',
  'SSH_PORT',
  'POOL',
  'PURPOSE',
] as const;
