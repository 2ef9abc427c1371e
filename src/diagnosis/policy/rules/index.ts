import type { PolicyRule } from '../rule.js';
import { noDaemonsetApps } from './no-daemonset-apps.js';
import { noDefaultAccountRights } from './no-default-account-rights.js';
import { noHardCodedAddresses } from './no-hard-coded-addresses.js';
import { noHostNetwork } from './no-host-network.js';
import { noHostPort } from './no-host-port.js';
import { noLatestImages } from './no-latest-images.js';
import { noNodePort } from './no-node-port.js';
import { noStatefulServices } from './no-stateful-services.js';
import { requireLimits } from './require-limits.js';
import { requireProbes } from './require-probes.js';

/** Every rule about objects, in the order in which they are told. */
export const policyRules: readonly PolicyRule[] = [
  noHostNetwork,
  noHostPort,
  noNodePort,
  noDaemonsetApps,
  noHardCodedAddresses,
  noStatefulServices,
  requireProbes,
  requireLimits,
  noLatestImages,
  noDefaultAccountRights,
];
