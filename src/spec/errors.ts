import { defineErrors, type ErrorCatalogue } from '../core/error.js';
import { specRules } from './rules/index.js';

/** What can be wrong with a spec or its table before the named rules look at it. */
const readingErrors = defineErrors({
  'spec-file-missing': {
    title: 'There is no spec',
    exit: 'spec',
    explain: `Drover looks for \`drover.yaml\` in the current folder; \`-f FILE\` names another. \`drover init --from servers.tsv\` writes one.`,
  },
  'spec-file-unreadable': {
    title: 'The spec cannot be read',
    exit: 'spec',
    explain: 'The file exists but could not be opened. The cause is what the operating system said.',
  },
  'spec-empty': {
    title: 'The spec is empty',
    exit: 'spec',
    explain: 'The file holds nothing but blank lines and comments.',
  },
  'spec-yaml-syntax': {
    title: 'The spec is not YAML',
    exit: 'spec',
    explain: `The text cannot be read as YAML: a quote or bracket is missing, an indentation is wrong, or a value holds \`: \` and needs
quotes. Further checks wait until this is solved.`,
  },
  'spec-yaml-tab': {
    title: 'A line of the spec is indented with a tab',
    exit: 'spec',
    explain: 'YAML allows spaces only for indentation. Editors can replace tabs.',
  },
  'spec-yaml-alias': {
    title: 'An alias of the spec cannot be resolved',
    exit: 'spec',
    explain: `\`*name\` repeats what \`&name\` marked earlier in the same file. The mark is missing, comes later, or aliases are nested so
deeply that the result would be huge.`,
  },
  'spec-duplicate-key': {
    title: 'A key is written twice',
    exit: 'spec',
    explain: `Programs differ in which of the two they take (K3s takes the last one without a word), so Drover takes neither.`,
  },
  'spec-several-documents': {
    title: 'The file holds several YAML documents',
    exit: 'spec',
    explain: 'A line `---` starts another document. One file describes one cluster.',
  },
  'spec-variable-missing': {
    title: 'An environment variable of the spec is not set',
    exit: 'spec',
    explain: `\`metadata.environment\` lists the variables that \`\${NAME}\` stands for in values; other \`\${…}\` stay as they are written.
A listed variable must be set, or have a default: \`\${NAME:-default}\`. The result is part of the spec's hash, and
\`config view --show-origin\` shows which values it made. Secrets do not belong into variables: see \`spec.secrets\`.`,
  },
  'spec-api-version': {
    title: 'The spec has another version',
    exit: 'spec',
    explain: 'This version of Drover reads `apiVersion: drover/v1`.',
  },
  'spec-kind': {
    title: 'The spec describes something that Drover does not know',
    exit: 'spec',
    explain: 'This version of Drover reads `kind: Cluster`.',
  },
  'spec-kind-migration': {
    title: 'The spec describes a migration where a cluster is wanted',
    exit: 'spec',
    explain:
      '`drover export`, `plan`, `restore` and `secrets` read `kind: Migration`. The other commands work on the hosts of a `kind: Cluster`.',
  },
  'spec-kind-cluster': {
    title: 'The spec describes a cluster where a migration is wanted',
    exit: 'spec',
    explain:
      'This command carries objects from one cluster to another and reads `kind: Migration`. Without a spec it takes `--context` and `-o`.',
  },
  'spec-unknown-key': {
    title: 'The spec has a key that does not exist',
    exit: 'spec',
    explain: `Unknown keys are refused, because a mistyped key would silently have no effect. \`drover config explain PATH\` lists the keys
of a section; editors that read the schema in the first line complete them.`,
  },
  'spec-missing-key': {
    title: 'A key that must be there is missing',
    exit: 'spec',
    explain: '`drover config explain PATH` says what it means.',
  },
  'spec-wrong-value': {
    title: 'A value of the spec has the wrong type or form',
    exit: 'spec',
    explain:
      '`drover config explain PATH` says what is expected. YAML reads `yes`, `on` and `0755` as texts or numbers: quote what is meant as text.',
  },
  'exception-refused': {
    title: 'An exception names an error that cannot be accepted',
    exit: 'spec',
    explain: `\`spec.policy.exceptions\` accepts warnings, findings and those errors that are a matter of judgement. What cannot work, such as
ranges that overlap, no exception makes work.`,
  },
  'table-unreadable': {
    title: 'The table of hosts cannot be read',
    exit: 'spec',
    explain: '`hosts.file` is looked for beside the spec, not in the current folder.',
  },
  'table-empty': {
    title: 'The table of hosts is empty',
    exit: 'spec',
    explain:
      'A table starts with a header line; each further line is a host. Lines that start with `#` are comments.',
  },
  'table-quotes': {
    title: 'A quote of the table is not closed',
    exit: 'spec',
    explain: 'A cell that starts with `"` ends with `"` on the same line; a quote inside is doubled.',
  },
  'table-cells': {
    title: 'A row of the table has more cells than columns',
    exit: 'spec',
    explain: 'Usually a cell holds the separator itself, or the row is separated otherwise than the header.',
  },
  'table-column-missing': {
    title: 'The table lacks a column',
    exit: 'spec',
    explain: `A table needs a column with names (HOSTNAME, NOM, SERVEUR …) and one with addresses (IP_PRIVEE, PRIVATE_IP, IP_PUBLIQUE …). Case,
accents, spaces and underscores do not matter. Other headers are named under \`hosts.columns\`.`,
  },
  'table-column-twice': {
    title: 'Two columns of the table mean the same',
    exit: 'spec',
    explain: 'Say which one counts: `hosts.columns: {address: HEADER}`.',
  },
  'table-column-unknown': {
    title: 'A column of the table has no meaning for Drover',
    exit: 'spec',
    explain:
      'A warning: its values are kept and shown, nothing depends on them. List it under `hosts.keep` when that is right.',
  },
  'table-where': {
    title: 'Hosts are chosen by a column that the table does not have',
    exit: 'spec',
    explain:
      '`hosts.where` maps columns of the table to the values that hosts of the cluster have, e.g. `{ROLE: k3s}`.',
  },
  'table-no-member': {
    title: 'No row of the table becomes a host of the cluster',
    exit: 'spec',
    explain: '`hosts.where` chooses rows (default: ROLE = k3s). All others are known as external hosts only.',
  },
  'table-name': {
    title: 'A row of the table has no usable host name',
    exit: 'spec',
    explain:
      'Host names have letters, digits and dashes, at most 63 (RFC 1123). Upper case is lowered, as the kubelet does.',
  },
  'table-address': {
    title: 'A cell of the table is no IP address',
    exit: 'spec',
    explain:
      'IPv4 in dotted form or IPv6; without mask, port or scheme. `-` and `n/a` mean that there is none.',
  },
  'table-no-address': {
    title: 'A row of the table has no address',
    exit: 'spec',
    explain: 'Servers and agents need one. An external host without address is left out with a warning.',
  },
  'table-role': {
    title: 'A row of the table does not say what the host does in the cluster',
    exit: 'spec',
    explain: `SUBROLE decides (master or worker), else DOCKER_STACK (k3s-control-plane or k3s-node), else ROLE. When two of them say
different things, Drover takes neither.`,
  },
  'init-no-table': {
    title: 'There is no table of hosts to start from',
    exit: 'spec',
    explain:
      '`drover init` makes a spec from a table such as servers.tsv: a header line, then one host per line.',
  },
  'init-exists': {
    title: 'The spec exists already',
    exit: 'spec',
    explain: '`drover init` overwrites nothing unless it is told to with `--force`.',
  },
  'init-not-written': {
    title: 'The spec cannot be written',
    exit: 'spec',
    explain: 'The folder is missing or not writable. `-o -` prints the spec instead.',
  },
  'table-port': {
    title: 'A cell of the table is no port',
    exit: 'spec',
    explain: 'A number from 1 to 65535.',
  },
});

/** Every code that loading a spec can answer with, for `drover explain`. */
export const specErrors: ErrorCatalogue = {
  ...readingErrors,
  ...Object.fromEntries(
    specRules.map(({ code, title, explain, source }) => [
      code,
      {
        title,
        exit: 'spec' as const,
        explain: source === undefined ? explain : `${explain}\n\nSource: ${source}`,
      },
    ]),
  ),
};
