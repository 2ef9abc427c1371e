import { rootOn } from './cluster.js';

interface Load {
  readonly lab: string;
  readonly folder: string;
  /** Host that calls. */
  readonly from: string;
  /** Addresses of the nodes that are called, each by HTTP and by HTTPS, all at the same time, again and again. */
  readonly nodes: readonly string[];
  /** Name of an ingress that answers with 200. */
  readonly name: string;
}

const UNIT = 'ingress-calls';

const script = ({ nodes, name }: Load): string => {
  const urls = nodes.flatMap((node) => [`http://${node}/healthz`, `https://${node}/healthz`]).join(' ');
  // Nothing is asked more often than ten times a second; answers of one round are one line.
  return `while :; do
  for url in ${urls}; do
    curl -ks -o /dev/null -m 10 -w "$url=%{http_code} " -H 'Host: ${name}' "$url" &
  done
  wait; echo; sleep 0.1
done >/run/${UNIT}`;
};

/** Begins to call every node. */
export const startCalls = async (load: Load): Promise<void> => {
  const text = Buffer.from(script(load)).toString('base64');
  const start = `echo ${text} | base64 -d >/run/${UNIT}.sh && systemd-run --quiet --unit=${UNIT} sh /run/${UNIT}.sh`;
  await rootOn(load.lab, load.from, start, load.folder);
};

/** Ends the calls; for every round, the nodes that did not answer with 200 to all that they were asked. */
export const stopCalls = async ({
  lab,
  folder,
  from,
  nodes,
}: Load): Promise<readonly (readonly string[])[]> => {
  const told = await rootOn(lab, from, `systemctl stop ${UNIT}; cat /run/${UNIT}`, folder);
  const asked = nodes.length * 2;
  const rounds = told.split('\n').map((line) => line.trim().split(' '));
  return rounds
    .filter((answers) => answers.length === asked)
    .map((answers) =>
      nodes.filter((node) =>
        answers.some((answer) => answer.includes(`//${node}/`) && !answer.endsWith('=200')),
      ),
    );
};

/** How often a node was away: rounds without it that follow each other are one time. */
export const timesAway = (rounds: readonly (readonly string[])[], node: string): number =>
  rounds.filter((away, at) => away.includes(node) && rounds[at - 1]?.includes(node) !== true).length;
