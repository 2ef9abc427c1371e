import { wayText } from '../diagnosis/change/text.js';
import type { Plan } from '../plan/model.js';

/** What a plan says of a cluster network that differs from the spec: one line, then one per way. */
export const networkChangeLines = ({ networkChange }: Plan): readonly string[] =>
  networkChange === undefined
    ? []
    : [
        `spec.network.cni: ${networkChange.from} runs and stays; this version does not change it to ${networkChange.to}`,
        ...networkChange.ways.map(wayText),
      ];
