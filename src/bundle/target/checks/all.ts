import { sentence } from '../../../core/text.js';
import type { BundleFinding } from '../../model/report.js';
import type { CheckInput, TargetCheck } from '../model.js';
import { helmRecords } from './helm.js';
import { imagesKnown } from './images.js';
import { definitionsKept, kindsServed, namespacesThere, notOlder } from './kinds.js';
import { podSecurity } from './pod-security.js';
import { defaultStorage, referencesThere } from './references.js';
import { roomInQuotas, roomOnNodes } from './room.js';
import { familiesServed, portsFree } from './services.js';
import { webhooksAlive, webhooksServed } from './webhooks.js';

/** What could not be looked at, so that nobody takes silence for consent. */
const notChecked: TargetCheck = ({ target }) =>
  target.unread.length === 0
    ? []
    : [
        {
          code: 'target-not-checked',
          severity: 'warning',
          message: `the account may not list ${sentence([...target.unread], 12)} on the target: nothing was checked that depends on them`,
          hint: 'give the account get and list on them',
        },
      ];

const CHECKS: readonly TargetCheck[] = [
  notOlder,
  notChecked,
  kindsServed,
  definitionsKept,
  namespacesThere,
  referencesThere,
  defaultStorage,
  portsFree,
  familiesServed,
  roomInQuotas,
  roomOnNodes,
  podSecurity,
  webhooksAlive,
  webhooksServed,
  helmRecords,
  imagesKnown,
];

/** Everything that kinds, names and figures tell about whether the target can take what is carried. Pure. */
export const checkTarget = (input: CheckInput): readonly BundleFinding[] =>
  CHECKS.flatMap((check) => check(input));
