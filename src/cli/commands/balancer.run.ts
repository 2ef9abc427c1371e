import { didYouMean } from '../../core/did-you-mean.js';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { LoadBalancer } from '../../spec/balancers.js';
import { haproxyConfig } from '../../steps/balancer/haproxy-config.js';
import type { Handler } from '../command.js';
import { loadSpec } from '../load-spec.js';

const unknown = (message: string, hint: string): DroverError => ({
  code: 'balancer-unknown',
  message,
  state: 'nothing was done',
  hint,
});

const chosen = (
  all: readonly LoadBalancer[],
  name: string | undefined,
): Result<LoadBalancer, DroverError> => {
  const mine = all.filter(({ provider }) => provider === 'haproxy');
  const names = mine.map((each) => each.name);
  const [first] = mine;
  if (first === undefined)
    return err(unknown('the spec has no load balancer of haproxy', 'provider: haproxy makes one so'));
  if (name === undefined)
    return mine.length === 1
      ? ok(first)
      : err(unknown('the spec has several load balancers of haproxy', `name one: ${names.join(', ')}`));
  const found = mine.find((each) => each.name === name);
  if (found !== undefined) return ok(found);
  const other = all.find((each) => each.name === name);
  if (other !== undefined)
    return err(
      unknown(`${name} is made of ${other.provider}, not of haproxy`, `there is ${names.join(', ')}`),
    );
  const near = didYouMean(name, names);
  const hint = near === undefined ? `there is ${names.join(', ')}` : `did you mean ${near}?`;
  return err(unknown(`no load balancer is named '${name}'`, hint));
};

export const run: Handler = async (args, context) => {
  const loaded = await loadSpec(args, context);
  if (!loaded.ok) return { errors: loaded.error };
  const balancer = chosen(loaded.value.spec.loadBalancers, args.positionals[0]);
  if (!balancer.ok) return { errors: [balancer.error] };
  context.print(haproxyConfig(loaded.value, balancer.value));
  return { exit: 'ok' };
};
