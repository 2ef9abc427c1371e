import type { RunEvent } from '../../core/events/run.js';
import type { ItemRecord } from '../../steps/items.js';

type Records = Map<string, ItemRecord>;

const note = (records: Records, event: RunEvent): void => {
  if (event.type === 'items-intent') {
    // The first former state counts: a second look may already see the run's own effect.
    for (const { key, before } of event.items)
      if (!records.has(key)) records.set(key, { key, before, result: 'open' });
  } else if (event.type === 'items-done') {
    for (const { key, ok, detail } of event.results) {
      const { before = null } = records.get(key) ?? {};
      const told = detail === undefined ? {} : { detail };
      records.set(key, { key, before, result: ok ? 'ok' : 'failed', ...told });
    }
  }
};

/** The items of one action by the journal of its run, in the order in which they were first touched. */
export const itemsOf = (events: Iterable<RunEvent>, action: string): readonly ItemRecord[] => {
  const records: Records = new Map();
  for (const event of events) if ('action' in event && event.action === action) note(records, event);
  return [...records.values()];
};
