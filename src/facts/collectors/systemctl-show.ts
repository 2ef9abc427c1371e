import { assignments } from './blocks.js';

/** What `systemctl show` says about one unit. */
export interface UnitState {
  readonly id: string;
  readonly active: string;
  readonly enabled: string;
}

/** Shell: prints the properties of the units that are named, in one call. */
export const showUnits = (units: string): string =>
  `if has systemctl; then limit 3 systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState ${units} 2>/dev/null; fi`;

/** Paragraphs of `systemctl show`; units that do not exist are left out. */
export const parseUnits = (text: string): readonly UnitState[] =>
  text.split(/\n\s*\n/).flatMap((part) => {
    const fields = assignments(part);
    const id = fields.get('Id');
    if (id === undefined || fields.get('LoadState') === 'not-found') return [];
    return [
      {
        id,
        active: fields.get('ActiveState') ?? 'unknown',
        // Units made at run time (generated, transient) have no file and therefore no such state.
        enabled: fields.get('UnitFileState') || 'unknown',
      },
    ];
  });
