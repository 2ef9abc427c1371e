import { bundleErrors } from '../bundle/errors.js';
import { bundleFindings } from '../bundle/findings.js';
import type { ErrorCatalogue, ErrorKind } from '../core/error.js';
import { findingCatalogue } from '../diagnosis/catalogue.js';
import { diagnosisErrors } from '../diagnosis/errors.js';
import { policyRules } from '../diagnosis/policy/rules/index.js';
import { kubeErrors } from '../kube/errors.js';
import { buildErrors } from '../lab/build/errors.js';
import { labErrors } from '../lab/errors.js';
import { vmErrors } from '../lab/vm/errors.js';
import { runErrors } from '../run/errors.js';
import { rollbackErrors } from '../run/rollback/errors.js';
import { secretErrors } from '../secrets/errors.js';
import { specErrors } from '../spec/errors.js';
import { cniErrors } from '../steps/cni/errors.js';
import { stepErrors } from '../steps/errors.js';
import { transportErrors } from '../transport/errors.js';
import { chartErrors } from './cluster/charts/errors.js';
import { clusterErrors } from './cluster/errors.js';
import { manifestErrors } from './cluster/network/errors.js';
import { appErrors } from './errors.js';
import { policyErrors } from './policy/errors.js';

/** One code with where it comes from; findings and errors share one space of codes. */
export interface CatalogueEntry extends ErrorKind {
  readonly code: string;
  readonly area: string;
  /** Where the knowledge comes from. */
  readonly source?: string;
}

export const entriesOf = (area: string, catalogue: ErrorCatalogue): readonly CatalogueEntry[] =>
  Object.entries(catalogue).map(([code, kind]) => ({ code, area, ...kind }));

/** Findings do not end a command by themselves: the doctor answers with `preflight` when one is an error. */
const findingEntries: readonly CatalogueEntry[] = Object.entries(findingCatalogue).map(
  ([code, { title, severity, explain, source }]) => ({
    code,
    area: 'findings',
    title,
    explain,
    exit: severity === 'error' ? 'preflight' : 'ok',
    ...(source === undefined ? {} : { source }),
  }),
);

/** A rule that is broken fails the command only where the spec enforces it. */
const policyEntries: readonly CatalogueEntry[] = policyRules.map(({ code, title, explain, source }) => ({
  code,
  area: 'policy',
  title,
  explain,
  exit: 'preflight',
  ...(source === undefined ? {} : { source }),
}));

/** Every code that Drover can print, except those of the command line itself. */
export const catalogue: readonly CatalogueEntry[] = [
  ...entriesOf('spec', specErrors),
  ...findingEntries,
  ...entriesOf('ssh', transportErrors),
  ...entriesOf('kubernetes', kubeErrors),
  ...entriesOf('doctor', { ...appErrors, ...diagnosisErrors }),
  ...entriesOf('steps', { ...stepErrors, ...cniErrors }),
  ...entriesOf('plans', clusterErrors),
  ...entriesOf('charts', chartErrors),
  ...entriesOf('network', manifestErrors),
  ...entriesOf('runs', runErrors),
  ...entriesOf('rollback', rollbackErrors),
  ...policyEntries,
  ...entriesOf('policy', policyErrors),
  ...entriesOf('secrets', secretErrors),
  ...entriesOf('bundles', { ...bundleErrors, ...bundleFindings }),
  ...entriesOf('lab', { ...labErrors, ...vmErrors }),
  ...entriesOf('lab build', buildErrors),
];
