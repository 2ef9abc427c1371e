const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity of the Kubernetes API as a number: `250m` = 0.25, `1Gi` = 1073741824, `1e3` = 1000. 0 for anything else. */
export const quantity = (value: unknown): number => {
  if (typeof value === 'number') return value;
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]{0,2})$/.exec(
    typeof value === 'string' ? value : '',
  );
  const factor = UNITS[match?.[2] ?? ''];
  const number = Number(match?.[1]);
  return match === null || factor === undefined || Number.isNaN(number) ? 0 : number * factor;
};
