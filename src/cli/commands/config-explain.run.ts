import { type DocumentKind, explainField } from '../../spec/explain-field.js';
import { fieldText } from '../../spec/field-text.js';
import type { Handler } from '../command.js';

const KINDS: readonly DocumentKind[] = ['Cluster', 'Migration'];

export const run: Handler = ({ positionals, flags }, { print }) => {
  const kind = KINDS.find((each) => each === flags['kind']);
  const field = explainField(positionals[0] ?? '', kind);
  if (!field.ok) return Promise.resolve({ exit: 'spec', errors: [field.error] });
  const { path, schema } = field.value;
  print(
    flags['output'] === 'json' ? `${JSON.stringify({ path, schema }, null, 2)}\n` : fieldText(path, schema),
  );
  return Promise.resolve({ exit: 'ok' });
};
