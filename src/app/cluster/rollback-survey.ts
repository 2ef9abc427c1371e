import type { DroverError, DroverErrors } from '../../core/error.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { hostIdentity } from '../../plan/assemble.js';
import type { Action, Plan } from '../../plan/model.js';
import type { RunProgress } from '../../run/progress.js';
import { surveyScript } from '../../run/remote/compose.js';
import type { Saved } from '../../run/remote/saved.js';
import { parseSurvey, type Survey } from '../../run/rollback/survey.js';
import type { Subject } from '../doctor/subject.js';
import type { StoredRun } from './run-store.js';
import type { ClusterTools } from './tools.js';
import { worldView } from './world.js';

export interface Surveyed {
  readonly surveys: ReadonlyMap<string, Survey>;
  /** Servers that run K3s now. */
  readonly active: readonly string[];
}

const SURVEY_MS = 120_000;

interface Answer {
  readonly host: string;
  readonly survey: Survey;
  readonly active: boolean;
}

const ask = async (
  target: HostTarget,
  script: string,
  tools: ClusterTools,
): Promise<Result<Answer, string>> => {
  const text = `echo "# $(systemctl is-active k3s 2>/dev/null)"\n${script}`;
  const limits = { timeoutMs: SURVEY_MS, signal: tools.soft };
  const answer = await tools.transport.run(target, { title: 'what became of changes', text }, limits);
  if (!answer.ok) return err(`${target.name}: ${answer.error.detail}`);
  const stdout = answer.value.stdout.toString('utf8');
  if (answer.value.status !== 0)
    return err(`${target.name}: ${answer.value.stderr.toString('utf8').trim() || 'no answer'}`);
  return ok({ host: target.name, survey: parseSurvey(stdout), active: stdout.startsWith('# active\n') });
};

const unseen = (causes: readonly string[]): DroverError => ({
  code: 'rollback-hosts-unseen',
  message: 'what the run found is kept on the hosts, and not all of them can be asked',
  cause: causes.join('\n'),
  state: 'nothing was changed',
});

/** Hosts whose machine is not the one that the run changed. */
const otherMachines = async (
  plan: Plan,
  hosts: readonly string[],
  subject: Subject,
  tools: ClusterTools,
): Promise<readonly string[]> => {
  const view = worldView(tools, subject.hosts, []);
  const world = await view.observe(hosts, ['identity'], tools.soft);
  return hosts.filter((host) => {
    const before = plan.identities[host] ?? 'unknown';
    return before !== 'unknown' && before !== hostIdentity(world.hosts.get(host));
  });
};

const otherMachine = (hosts: readonly string[]): DroverError => ({
  code: 'rollback-other-machine',
  message: `${hosts.join(', ')}: another machine stands there than the one that the run changed`,
  state: 'nothing was changed',
});

/** What the journal knows of things saved on a host, by action. */
const savedOn = ({ saved }: RunProgress, host: string): ReadonlyMap<string, Saved> =>
  new Map(
    [...saved].flatMap(([action, hosts]) => {
      const known = hosts.get(host);
      return known === undefined ? [] : [[action, known] as const];
    }),
  );

/** Asks every host that the run touched, and every server, what is there now. Changes nothing. */
export const surveyHosts = async (
  run: Pick<StoredRun, 'id' | 'plan' | 'progress'>,
  actions: readonly Action[],
  subject: Subject,
  tools: ClusterTools,
): Promise<Result<Surveyed, DroverErrors>> => {
  const touched = (host: string) =>
    actions.filter((action) => (action.host ?? action.hosts.find((name) => name === host)) === host);
  const asked = subject.hosts.filter(
    ({ target, role }) => role === 'server' || touched(target.name).length > 0,
  );
  const known = new Set(subject.hosts.map(({ target }) => target.name));
  const lost = [
    ...new Set(actions.flatMap(({ host, hosts }) => (host === undefined ? hosts : [host]))),
  ].filter((host) => !known.has(host));
  const answers = await Promise.all(
    asked.map(({ target }) =>
      ask(
        target,
        surveyScript(
          run.id,
          touched(target.name).map(({ id }) => id),
          savedOn(run.progress, target.name),
        ),
        tools,
      ),
    ),
  );
  const causes = [
    ...lost.map((host) => `${host}: the spec no longer names it`),
    ...answers.flatMap((answer) => (answer.ok ? [] : [answer.error])),
  ];
  if (causes.length > 0) return err([unseen(causes)]);
  const others = await otherMachines(
    run.plan,
    asked.map(({ target }) => target.name).filter((host) => touched(host).length > 0),
    subject,
    tools,
  );
  if (others.length > 0) return err([otherMachine(others)]);
  const values = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  return ok({
    surveys: new Map(values.map(({ host, survey }) => [host, survey])),
    active: values.filter(({ active }) => active).map(({ host }) => host),
  });
};
