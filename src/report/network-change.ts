import { wayText } from '../diagnosis/change/text.js';
import type { NetworkChange } from '../diagnosis/change/way.js';
import type { Plan } from '../plan/model.js';

const headOf = ({ from, to, chosen }: NetworkChange): string =>
  chosen === undefined
    ? `spec.network.cni: ${from} runs and stays; nothing here changes it to ${to}`
    : `spec.network.cni: ${from} runs; this plan changes it to ${to}`;

/** What a plan says of a cluster network that differs from the spec: one line, then one per way, the chosen one first. */
export const networkChangeLines = ({ networkChange }: Plan): readonly string[] => {
  if (networkChange === undefined) return [];
  const { chosen, ways, notes = [] } = networkChange;
  const [own, others] = [ways.filter(({ id }) => id === chosen), ways.filter(({ id }) => id !== chosen)];
  return [
    headOf(networkChange),
    ...own.map((way) => `chosen: ${wayText(way)}`),
    ...notes,
    ...others.map((way) => `${own.length === 0 ? '' : 'other way: '}${wayText(way)}`),
  ];
};
