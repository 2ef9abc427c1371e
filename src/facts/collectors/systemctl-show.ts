import { assignments } from './blocks.js';

/** What `systemctl show` says about one unit. */
export interface UnitState {
  readonly id: string;
  readonly active: string;
  readonly enabled: string;
}

/** Where units are found, aliases and those of generators included (systemd.unit(5)). */
const UNIT_FOLDERS = [
  '/etc/systemd/system',
  '/etc/systemd/system.control',
  '/run/systemd/system',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/run/systemd/generator',
  '/run/systemd/generator.late',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
].join(' ');

/**
 * Shell: prints the properties of the units that are named, in one call. Only those that have a file are asked for:
 * systemd would look for each of the others in vain, and mostly there is none.
 */
export const showUnits = (units: string): string => `
set --
for name in ${units}; do
  case $name in *.service|*.timer|*.socket) ;; *) name=$name.service ;; esac
  for folder in ${UNIT_FOLDERS}; do
    if [ -e "$folder/$name" ] || [ -h "$folder/$name" ]; then set -- "$@" "$name"; break; fi
  done
done
if [ $# -gt 0 ] && has systemctl; then
  limit 3 systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState "$@" 2>/dev/null
fi`;

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
