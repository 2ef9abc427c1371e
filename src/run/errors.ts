import { defineErrors } from '../core/error.js';

/** Failures of runs themselves, by code. */
export const runErrors = defineErrors({
  'run-locked': {
    title: 'Another run holds the cluster',
    exit: 'locked',
    explain:
      'One run per cluster: the lock is held on a majority of the server hosts, with the operator’s name and a heartbeat.\n\nWait for the other run, or ask its operator. A lock without a heartbeat for 30 s may be taken over with `--break-lock`; the other run is then refused at its next change. A paused run keeps its lock until it is resumed or rolled back.',
  },
  'run-no-majority': {
    title: 'The lock needs a majority of the server hosts',
    exit: 'ssh',
    explain:
      'With less than a majority of the servers within reach, a second operator who reaches the others could hold the cluster at the same time. Nothing was changed. Bring the servers back, or look at `drover doctor`.',
  },
  'run-not-found': {
    title: 'There is no such run',
    exit: 'usage',
    explain: '`drover runs` lists the runs that are kept in this folder.',
  },
  'run-wrong-cluster': {
    title: 'A run belongs to another cluster or realm',
    exit: 'usage',
    explain:
      'The run was made for another cluster than the one of the spec, or for a lab instead of real hosts. Name its spec with `-f`, and its lab with `--lab`.',
  },
  'run-other-mode': {
    title: 'A run is gone on with by the command that began it',
    exit: 'usage',
    explain:
      'A run that applies a plan goes on with `drover apply --resume`, one that takes another run back with `drover rollback --resume`. They do the opposite, so the word decides. Nothing was changed; the hint names the command.',
  },
  'journal-damaged': {
    title: 'A journal is damaged',
    exit: 'failure',
    explain:
      'Lines of a journal are chained by digests; one of them was changed, lost or is unreadable. A run is only continued from a whole journal. A copy lies on the server hosts in `/var/lib/drover/RUN/journal.jsonl`.',
  },
  'journal-diverged': {
    title: 'Two machines went on with the same run in different ways',
    exit: 'failure',
    explain:
      'The journal here and its copy on the server hosts were the same up to some line and differ after it. That happens when a machine that was fenced off wrote lines of its own. Go on from the machine that held the lock last; its copy is the one on the servers.',
  },
  'plan-stale': {
    title: 'The world is no longer the one that the plan was made for',
    exit: 'stale',
    explain:
      'A plan applies only to the facts, hosts, spec and tool version that it was made from. What moved is listed. Look at it, then make a new plan: `drover plan`.',
  },
  'plan-unreadable': {
    title: 'A file is not a plan of this version',
    exit: 'usage',
    explain:
      'The file is no plan, was cut short, or was written by another major version of Drover. Make a new one: `drover plan -o plan.json`.',
  },
  'plan-confirmation': {
    title: 'The plan needs a confirmation that names the cluster',
    exit: 'usage',
    explain:
      'Actions that cannot be taken back, and those that make the API of a small cluster stand still, ask for `REALM/NAME` of the cluster. Without a terminal give it on the command line: `--confirm real/keybuzz`; `--yes` alone is not enough.',
  },
  'plan-servers-unseen': {
    title: 'Not every server host was observed',
    exit: 'preflight',
    explain:
      'A cluster is founded only after every server host was seen to be empty: otherwise a second cluster could be founded beside a living one. Make the hosts reachable, or take them out of the spec.',
  },
  'plan-leaving-unseen': {
    title: 'A host that left the spec cannot be logged in to, but its node lives',
    exit: 'preflight',
    explain:
      'A host that is taken out of the spec is drained, K3s is removed there, and its node is deleted. K3s would go on running on a host that nobody can log in to. Make it reachable; or, when it is gone for ever, switch it off: its node is deleted once it is no longer Ready.',
  },
  'run-stopped': {
    title: 'The run stopped part-way and can be resumed',
    exit: 'stopped',
    explain:
      'Some actions failed or were not started. Everything done is in the journal; `drover apply --resume` (`drover rollback --resume` for a way back) looks at the hosts again and goes on.',
  },
  'run-paused': {
    title: 'The run waits for a person',
    exit: 'paused',
    explain:
      'Something happened that Drover does not decide alone. The run keeps its lock. Resume or roll back.',
  },
  'host-not-observed': {
    title: 'A host could not be observed before a change',
    exit: 'stopped',
    explain:
      'Every action looks at its host again before it changes anything. What it needs to see could not be read, so nothing was changed there.',
  },
  'step-unknown': {
    title: 'A plan names a step that this version does not have',
    exit: 'stale',
    explain: 'The plan was made by another version of Drover. Make a new one.',
  },
  'output-missing': {
    title: 'An action refers to a result that no earlier action gave',
    exit: 'failure',
    explain: 'This is a fault of the plan. Please report it with the plan file.',
  },
  'run-left-envelope': {
    title: 'A later stage would do more than the plan allowed',
    exit: 'paused',
    explain:
      'Only the first stage of a plan is bound to facts; each later one is planned again when it starts, within an envelope of steps, hosts and highest risk that the plan showed. What came out lies outside of it, so a person must decide.\n\nLook at what the message lists. `drover apply --resume RUN --accept DIGEST` goes on with exactly that; anything else pauses again.',
  },
  'run-guard-breached': {
    title: 'A guard has seen more than its budget allows',
    exit: 'stopped',
    explain:
      'A background probe watched over several actions, and what it watches was away for longer than the plan allowed, or the probe itself saw nothing any more. No further action was started; what ran was allowed to finish.\n\nLook at what the message names before you resume or roll back.',
  },
  'stage-not-planned': {
    title: 'A later stage could not be planned',
    exit: 'stopped',
    explain:
      'Later stages are planned from fresh facts when they start. The facts could not be had, so nothing of the stage was started.',
  },
  'quorum-unsafe': {
    title: 'etcd would lose its quorum',
    exit: 'preflight',
    explain:
      'Before each action that takes a server away, Drover counts all registered voters of etcd, reachable or not: those that stay healthy must be a majority, and no learner may be waiting. Mend the other servers first.',
  },
});
