import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';

const EXAMPLE = 'examples/keybuzz';

/** A chart that is at hand as an archive. */
export interface GivenChart {
  readonly file: string;
  readonly digest: string;
}

/** Writes the example's spec, as a lab of that name, with or without what runs on top of its cluster. */
const write = (path: string, name: string, chart: GivenChart | undefined): void => {
  const document = parseDocument(readFileSync(join(EXAMPLE, 'drover.yaml'), 'utf8'));
  const spec = document.get('spec');
  if (!isMap(spec)) throw new Error('the example has no spec');
  document.setIn(['metadata', 'name'], name);
  // What is compared are charts and applications.
  document.setIn(['spec', 'monitoring'], { enabled: false });
  document.deleteIn(['spec', 'vault']);
  const applications = spec.get('applications');
  if (isSeq(applications)) for (const each of applications.items) if (isMap(each)) each.delete('vault');
  if (chart === undefined) {
    document.setIn(['spec', 'ingress'], { controller: 'none' });
    for (const part of ['applications', 'externalServices', 'loadBalancers'])
      document.deleteIn(['spec', part]);
    document.deleteIn(['spec', 'acceptance']);
    document.deleteIn(['spec', 'policy']);
  } else {
    const greeter = {
      name: 'greeter',
      namespace: 'greeting',
      repository: 'https://charts.example',
      chart: 'greeter',
      version: '1.0.0',
      values: { className: 'nginx' },
      ...chart,
    };
    document.setIn(['spec', 'addons', 'charts'], document.createNode([greeter]));
  }
  writeFileSync(path, document.toString());
};

/** Both specs in a folder: the cluster alone, and with its platform. */
export const platformSpecs = (
  folder: string,
  name: string,
  chart: GivenChart,
): { readonly bare: string; readonly whole: string } => {
  copyFileSync(join(EXAMPLE, 'servers.tsv'), join(folder, 'servers.tsv'));
  const [bare, whole] = [join(folder, 'bare.yaml'), join(folder, 'whole.yaml')];
  write(bare, name, undefined);
  write(whole, name, chart);
  return { bare, whole };
};
