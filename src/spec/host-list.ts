import type { DroverError } from '../core/error.js';
import type { Files } from '../core/ports/files.js';
import type { ClusterHost } from './cluster.js';
import type { ClusterSpec } from './schema/cluster.js';
import type { HostsFile } from './schema/hosts.js';
import { readServersTsv } from './servers-tsv.js';
import type { YamlSource } from './source/yaml.js';
import type { SpecFile } from './spec-file.js';

/** Label that carries the purpose of a host into the cluster. */
const PURPOSE_LABEL = 'drover.dev/purpose';

export interface HostList {
  readonly hosts: readonly ClusterHost[];
  readonly errors: readonly DroverError[];
  readonly warnings: readonly DroverError[];
}

const withPurposeLabel = (host: ClusterHost): ClusterHost =>
  host.purpose === undefined || host.role === 'external'
    ? host
    : { ...host, labels: { [PURPOSE_LABEL]: host.purpose, ...host.labels } };

const readTable = async (
  section: HostsFile,
  yaml: YamlSource,
  { files, beside }: { readonly files: Files; readonly beside: SpecFile['beside'] },
): Promise<HostList> => {
  const path = beside(section.file);
  const text = await files.read(path.absolute);
  if (text.ok) return readServersTsv(path.shown, text.value, section);
  const error: DroverError = {
    code: 'table-unreadable',
    message: `the table of hosts ${text.error.kind === 'missing' ? 'does not exist' : 'cannot be read'}: ${path.shown}`,
    location: yaml.locate(['spec', 'hosts', 'file']),
    ...(text.error.kind === 'missing' ? {} : { cause: text.error.detail }),
    hint: 'hosts.file is looked for beside the spec',
  };
  return { hosts: [], errors: [error], warnings: [] };
};

/** The hosts of a spec, inline or from their table, in the order of the user's file. */
export const readHosts = async (
  section: ClusterSpec['hosts'],
  yaml: YamlSource,
  where: { readonly files: Files; readonly beside: SpecFile['beside'] },
): Promise<HostList> => {
  if (Array.isArray(section)) {
    const hosts = section.map((host, index): ClusterHost => {
      const location = yaml.locate(['spec', 'hosts', index, 'name']);
      return withPurposeLabel({ ...host, extra: {}, location });
    });
    return { hosts, errors: [], warnings: [] };
  }
  const table = await readTable(section, yaml, where);
  return { ...table, hosts: table.hosts.map(withPurposeLabel) };
};
