/** A rule as ufw keeps it, `allow tcp 22 DESTINATION any SOURCE in comment=…`, in its parts. */
interface Parts {
  readonly action: string;
  readonly match: string;
  readonly to: string;
  readonly from: string;
}

const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

const place = (range: string): string => (EVERYWHERE.includes(range) ? 'anywhere' : range);

const partsOf = (tuple: string): Parts => {
  const [action = '', protocol = '', ports = '', to = '', , from = ''] = tuple.split(' ');
  const match = [protocol, ports].filter((word) => word !== 'any').join(' ');
  return {
    action: action === 'route:allow' ? 'allow through' : `${action} in`,
    match: match === '' ? 'everything' : match,
    to: place(to),
    from: place(from),
  };
};

/** What rules let pass, for people: those that differ in their source alone are one line. */
export const ruleTexts = (tuples: readonly string[]): readonly string[] => {
  const sources = new Map<string, Set<string>>();
  for (const { action, match, to, from } of tuples.map(partsOf)) {
    const target = to === 'anywhere' ? '' : ` to ${to}`;
    const key = `${action} ${match}${target} from `;
    sources.set(key, (sources.get(key) ?? new Set()).add(from));
  }
  return [...sources].map(([key, from]) => `${key}${[...from].join(', ')}`);
};
