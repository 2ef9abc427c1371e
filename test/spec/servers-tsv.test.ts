import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TABLE, readServersTsv } from '../../src/spec/servers-tsv.js';
import { lines } from './rig.js';

const read = (text: string, options = DEFAULT_TABLE) => readServersTsv('servers.tsv', text, options);
const HEAD = 'HOSTNAME\tIP_PRIVEE\tROLE\tSUBROLE\tDOCKER_STACK\tNOTES\n';
const MASTER = 'm1\t10.0.0.1\tk3s\tmaster\tk3s-control-plane\t\n';

describe('a table of hosts', () => {
  it('gives the KeyBuzz example its roles, purposes and external hosts', () => {
    const table = read(readFileSync('examples/keybuzz/servers.tsv', 'utf8'));
    expect(table.errors).toEqual([]);
    expect(table.warnings).toEqual([]);
    const members = table.hosts.filter(({ role }) => role !== 'external');
    expect(members.map(({ name, role, purpose }) => [name, role, purpose])).toEqual([
      ['k3s-master-01', 'server', undefined],
      ['k3s-master-02', 'server', undefined],
      ['k3s-master-03', 'server', undefined],
      ['k3s-worker-01', 'agent', 'general'],
      ['k3s-worker-02', 'agent', 'general'],
      ['k3s-worker-03', 'agent', 'ai'],
      ['k3s-worker-04', 'agent', 'observability'],
      ['k3s-worker-05', 'agent', 'spare'],
    ]);
    expect(table.hosts.find(({ name }) => name === 'install-01')).toMatchObject({
      address: '10.0.0.20',
      role: 'external',
      ssh: { user: 'root' },
      extra: { ROLE: 'install', SUBROLE: 'orchestrator' },
    });
  });

  it.each([
    ['HOSTNAME,PRIVATE_IP,PUBLIC_IP,ROLE,SUBROLE', ','],
    ['Serveur;IP privée;IP publique;Rôle;Sous-rôle', ';'],
    ['nom\tip_privee\tip_publique\tROLE\tsubrole', '\t'],
    ['Host Name\tprivate ip\tPublic-IP\trole\tSub Role', '\t'],
  ])('finds columns by their header: %s', (header, separator) => {
    const row = ['M1', '10.0.0.1', '192.0.2.1', 'K3S', 'Master'].join(separator);
    const table = read(`${header}\n${row}\n`);
    expect(table.errors).toEqual([]);
    expect(table.hosts).toMatchObject([
      { name: 'm1', address: '10.0.0.1', publicAddress: '192.0.2.1', role: 'server' },
    ]);
  });

  it('reads byte order mark, CRLF, quotes, blank lines and comments', () => {
    const text = `\uFEFF# the; hosts\r\n\r\nNOM;IP;ROLE;SUBROLE;NOTES\r\n"m1";10.0.0.1;k3s;master;"a; ""b"""\r\n  # m9;x\r\n   \r\nw1;10.0.0.2;k3s;worker;`;
    const table = read(text);
    expect(table.errors).toEqual([]);
    expect(table.hosts.map(({ name, extra }) => [name, extra.NOTES])).toEqual([
      ['m1', 'a; "b"'],
      ['w1', undefined],
    ]);
    expect(table.hosts[0]?.location).toMatchObject({ line: 4, column: 1 });
  });

  it('takes a commented header as the header', () => {
    const table = read(`# hosts\n# HOSTNAME\tIP_PRIVEE\tROLE\tSUBROLE\nm1\t10.0.0.1\tk3s\tmaster\n`);
    expect(table.errors).toEqual([]);
    expect(table.hosts).toHaveLength(1);
  });

  it('takes the role from DOCKER_STACK or ROLE where SUBROLE says nothing', () => {
    const rows = 'm1\t10.0.0.1\tk3s\t\tk3s-control-plane\t\nw1\t10.0.0.2\tk3s\t\tk3s-node\t\n';
    expect(read(HEAD + rows).hosts.map(({ role }) => role)).toEqual(['server', 'agent']);
    const where = { ...DEFAULT_TABLE, where: { ROLE: ['master', 'worker'] } };
    const plain = 'HOSTNAME\tIP\tROLE\nm1\t10.0.0.1\tmaster\nw1\t10.0.0.2\tworker\ndb\t10.0.0.3\tdb\n';
    expect(read(plain, where).hosts.map(({ role }) => role)).toEqual(['server', 'agent', 'external']);
  });

  it('reports every problem at once, each with its place', () => {
    const text =
      HEAD.replace('NOTES', 'SUBROL\tCORES') +
      'K3S_M\t10.0.0.300\tk3s\tmastr\t\t\n' +
      'w1\t10.0.0.2/24\tk3s\tworker\tk3s-control-plane\t\n' +
      'w1\t\tk3s\tworker\tk3s-node\t"x\n' +
      '\t10.0.0.9\tdb\t\t\t\t\tmore\n' +
      'w5\t10.0.0.5\tk3s\tworker\tk3s-node\nw6\t10.0.0.5\tk3s\tworker\tk3s-node\n' +
      'db\t-\tdb\n';
    const table = read(text);
    expect(lines(table.errors)).toMatchInlineSnapshot(`
      [
        "table-quotes 4:25 a quoted cell does not end on its line",
        "table-name 2:1 this is no host name",
        "table-address 2:7 this is no IP address",
        "table-role 2:22 it is not said whether this host is a server or an agent",
        "table-address 3:4 this is no IP address",
        "table-role 3:27 two columns disagree about the role of this host",
        "table-no-address 4:1 w1 has no address",
        "table-name 5:1 this row has no host name",
        "table-cells 5:18 this row has more cells than the header has columns (8, 7)",
        "duplicate-host-name 4:1 two hosts have the same name w1",
        "duplicate-host-address 7:4 two hosts have the same address 10.0.0.5",
      ]
    `);
    expect(lines(table.warnings)).toMatchInlineSnapshot(`
      [
        "table-column-unknown 1:46 the column SUBROL has no meaning for Drover",
        "table-column-unknown 1:53 the column CORES has no meaning for Drover",
        "table-no-address 8:1 db has no address",
      ]
    `);
  });

  it.each([
    ['', 'table-empty'],
    ['# only\n', 'table-empty'],
    ['HOSTNAME\tROLE\nm1\tk3s\n', 'table-column-missing'],
    ['HOSTNAME\tIP\tIP_PRIVEE\tROLE\nm1\t10.0.0.1\t10.0.0.1\tk3s\n', 'table-column-twice'],
    ['HOSTNAME\tIP\tSUBROLE\nm1\t10.0.0.1\tmaster\n', 'table-where'],
    ['HOSTNAME\tIP\tROLE\nm1\t10.0.0.1\tdb\n', 'table-no-member'],
    [`HOSTNAME\tIP\tROLE\tSUBROLE\tSSH_PORT\nm1\t10.0.0.1\tk3s\tmaster\t99999\n`, 'table-port'],
    [`${HEAD}"m1"x\t10.0.0.1\tk3s\tmaster\t\t\n`, 'table-quotes'],
  ])('refuses %j', (text, code) => {
    expect(read(text).errors.map((error) => error.code)).toContain(code);
  });

  it('keeps silent about columns that the spec keeps', () => {
    const text = `${HEAD.trim()}\tCORE\n${MASTER.trim()}\t4\n`;
    expect(read(text).warnings).toHaveLength(1);
    expect(read(text, { ...DEFAULT_TABLE, keep: ['core'] }).warnings).toEqual([]);
  });

  it('takes the columns that the spec names', () => {
    const text = 'BOX\tLAN\tIP\tROLE\tSUBROLE\nm1\t10.0.0.1\t192.0.2.1\tk3s\tmaster\n';
    const table = read(text, {
      ...DEFAULT_TABLE,
      columns: { name: 'box', address: 'LAN', publicAddress: 'IP' },
    });
    expect(table.errors).toEqual([]);
    expect(table.hosts).toMatchObject([{ name: 'm1', address: '10.0.0.1', publicAddress: '192.0.2.1' }]);
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\t',
        ';',
        ',',
        '"',
        '\n',
        '\r\n',
        '#',
        'HOSTNAME',
        'IP',
        'ROLE',
        'k3s',
        '10.0.0.1',
        ' ',
        'é',
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
);

describe('any text at all', () => {
  it('never makes the reader throw, and every problem lies inside the text', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (noise, headed) => {
        const text = headed ? `${HEAD}${noise}` : noise;
        const rows = text.replace(/^\uFEFF/, '').split('\n');
        const table = read(text);
        for (const { location } of [...table.errors, ...table.warnings]) {
          expect(location?.line).toBeGreaterThanOrEqual(1);
          expect(location?.line).toBeLessThanOrEqual(rows.length);
          const row = (rows[(location?.line ?? 1) - 1] ?? '').replace(/\r$/, '');
          expect(location?.column).toBeGreaterThanOrEqual(1);
          expect(location?.column).toBeLessThanOrEqual(row.length + 1);
        }
        for (const host of table.hosts) expect(host.location?.file).toBe('servers.tsv');
      }),
      { numRuns: 500 },
    );
  });

  it('reads back what was written, whatever separator and line ends', () => {
    const note = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim());
    const host = fc.record({
      n: fc.integer({ min: 0, max: 65535 }),
      role: fc.constantFrom('master', 'worker'),
      note,
    });
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.uniqueArray(host, { minLength: 1, selector: ({ n }) => n }),
        fc.constantFrom('\t', ';', ','),
        fc.constantFrom('\n', '\r\n'),
        (hosts, separator, end) => {
          const rows = hosts.map(({ n, role, note: text }) =>
            [`h${n}`, `10.1.${n >> 8}.${n & 255}`, 'k3s', role, '', quote(text)].join(separator),
          );
          const table = read([HEAD.trim().replaceAll('\t', separator), ...rows].join(end));
          expect(table.errors).toEqual([]);
          expect(
            table.hosts.map(({ name, address, role, extra }) => [name, address, role, extra.NOTES ?? '']),
          ).toEqual(
            hosts.map(({ n, role, note: text }) => [
              `h${n}`,
              `10.1.${n >> 8}.${n & 255}`,
              role === 'master' ? 'server' : 'agent',
              text,
            ]),
          );
        },
      ),
    );
  });
});
