import { didYouMean } from '../../core/did-you-mean.js';
import { sentence } from '../../core/text.js';
import type { Option, OptionProblem } from './option.js';

const OPTIONS = ['external-ip', 'ipv6-masq'];

const OWNED: Readonly<Record<string, string>> = {
  backend: 'network.cni.mode',
  'flannel-backend': 'network.cni.mode',
  iface: 'network.interface',
  'flannel-iface': 'network.interface',
  port: 'network.cni.port',
  mtu: 'network.cni.mtu',
  vni: 'nothing: K3s’ Flannel always uses 1',
};

const problemOf = ({ path, name }: Option): OptionProblem | undefined => {
  const bare = name.replace(/^flannel-/, '');
  const place = OWNED[name];
  if (place !== undefined)
    return { path, severity: 'error', message: `${name} is set by Drover`, instead: `say it by ${place}` };
  if (OPTIONS.includes(bare)) return undefined;
  const near = didYouMean(bare, OPTIONS);
  return {
    path,
    severity: 'error',
    message: `Flannel in K3s has no option ${name}`,
    instead: near === undefined ? `options: ${sentence(OPTIONS)}` : `did you mean ${near}?`,
  };
};

/** K3s embeds Flannel and passes few options on. */
export const flannelProblems = (options: readonly Option[]): readonly OptionProblem[] =>
  options
    .filter(({ path }) => path.length === 1)
    .flatMap((option) => {
      const problem = problemOf(option);
      return problem === undefined ? [] : [problem];
    });
