import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Kube } from '../../src/core/ports/kube.js';
import { labPaths } from '../../src/lab/paths.js';
import { type Part, row, watchedIn } from './cni-part.js';
import { type BenchLab, DROVER } from './lab.js';
import { apart, seconds } from './measure.js';
import {
  during,
  type Outage,
  ofPairs,
  ofServices,
  outagesIn,
  type Price,
  priceOf,
  type Span,
  spansOf,
} from './outages.js';
import { judge } from './page.js';
import { watchPairs } from './watch.js';

const GOALS = { ofControl: 1.5, maxMs: 5_000, inPlaceMs: 8_000 } as const;

/** The spec of the lab with the other network, reached in one way. */
const changedSpec = (lab: BenchLab, way: 'node-by-node' | 'in-place'): string => {
  const path = join(dirname(lab.spec), `${way}.yaml`);
  const change = `change: { way: ${way}, control: ${way === 'node-by-node'}, budget: { longest: 2m, total: 10m } }`;
  const network = `network: { nodes: 10.77.0.0/24, cni: { name: lab }, ${change} }\n  ingress: { controller: none }`;
  writeFileSync(path, readFileSync(lab.spec, 'utf8').replace(/network: \{.*\}/, network));
  return path;
};

interface Measured {
  readonly run: string;
  readonly ms: number;
  readonly spans: readonly Span[];
  readonly outages: readonly Outage[];
}

const newestRun = (runs: string): string => readdirSync(runs).sort().at(-1) ?? '';

/** Runs Drover, and reads what the guard of that run kept: a way back has none. */
const measured = async (lab: BenchLab, words: readonly string[]): Promise<Measured> => {
  const ms = await apart({ command: [...DROVER, ...words, '--lab', lab.name, '--yes', '-q'] });
  const runs = join(labPaths(process.env, lab.name).stateDir, 'runs');
  const run = newestRun(runs);
  const text = (name: string): string => {
    const path = join(runs, run, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  return { run, ms, spans: spansOf(text('journal.jsonl')), outages: outagesIn(text('outages.jsonl')) };
};

const inSteps = ({ outages, spans }: Measured, steps: RegExp): readonly Outage[] =>
  during(
    outages,
    spans.filter(({ action }) => steps.test(action)),
  );

const workOf = ({ spans }: Measured, steps: RegExp): string => {
  const own = spans.filter(({ action }) => steps.test(action));
  if (own.length === 0) return 'none';
  return seconds(Math.max(...own.map(({ to }) => to)) - Math.min(...own.map(({ from }) => from)));
};

const CONTROL = /^cni\.control\//;
const SWITCH = /^cni\.switch/;
const CLEAN = /^cni\.clean/;
const ELSE = /^(?!cni\.(control|switch|clean))/;

const promises = (
  of: Readonly<Record<'control' | 'nodes' | 'place' | 'back', Price>>,
  { quiet, served }: { readonly quiet: readonly Outage[]; readonly served: readonly Outage[] },
): string => {
  const median = GOALS.ofControl * of.control.medianMs;
  return [
    judge(`node by node: median at most ${GOALS.ofControl} × the control's`, of.nodes.medianMs <= median),
    judge(`at most ${seconds(GOALS.maxMs)}`, of.nodes.maxMs <= GOALS.maxMs),
    judge('ClusterIP without an error', ofServices(served).length === 0),
    judge('the way back the same', of.back.medianMs <= median && of.back.maxMs <= GOALS.maxMs),
    judge(`in place at most ${seconds(GOALS.inPlaceMs)}`, of.place.maxMs <= GOALS.inPlaceMs),
    judge('everything else, hand over and removal of residue: no outage', ofPairs(quiet).length === 0),
  ].join('; ');
};

/** Hosts of a lab have no disk of their own: how full this machine's is matters to nobody here. */
const APPLY = ['apply', '--only', 'network', '--ignore', 'disk-full'];

/** Node by node, back, and in place. */
export const measureDrover = async (lab: BenchLab, kube: Kube): Promise<Part> => {
  const there = await measured(lab, [...APPLY, '-f', changedSpec(lab, 'node-by-node')]);
  let backMs = 0;
  const backOutages = await watchPairs(watchedIn(lab, kube), async () => {
    ({ ms: backMs } = await measured(lab, ['rollback', there.run, '-f', changedSpec(lab, 'node-by-node')]));
  });
  const place = await measured(lab, [...APPLY, '-f', changedSpec(lab, 'in-place')]);
  const prices = {
    control: priceOf(ofPairs(inSteps(there, CONTROL))),
    nodes: priceOf(ofPairs(inSteps(there, SWITCH))),
    place: priceOf(ofPairs(inSteps(place, SWITCH))),
    back: priceOf(ofPairs(backOutages)),
  };
  const quiet = inSteps(there, ELSE);
  const residue = inSteps(there, CLEAN);
  return {
    about: promises(prices, {
      quiet: [...quiet, ...residue],
      served: there.outages,
    }),
    rows: [
      row("control: one node's pods recreated", workOf(there, CONTROL), inSteps(there, CONTROL)),
      row('Drover node by node: the nodes', workOf(there, SWITCH), inSteps(there, SWITCH)),
      row('… all else: second network, hand over', seconds(there.ms), quiet),
      row('… removal of residue', workOf(there, CLEAN), residue),
      row('… way back by `drover rollback`', seconds(backMs), backOutages),
      row('Drover in place', workOf(place, SWITCH), inSteps(place, SWITCH)),
    ],
  };
};
