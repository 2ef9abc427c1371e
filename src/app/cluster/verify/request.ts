import type { Cluster } from '../../../spec/cluster.js';
import type { CallUrl } from '../../../verify/urls.js';
import type { Subject } from '../../doctor/subject.js';

/** What is asked of a cluster. */
export interface VerifyRequest {
  readonly cluster: Cluster;
  readonly subject: Subject;
  /** Version that nodes shall run. */
  readonly version: string;
  /** Image of verification pods; hosts must have it or be able to pull it. */
  readonly image: string;
  /** Images were put on the hosts: nothing may have to be pulled. */
  readonly airgap: boolean;
  /** External hosts of the spec that this realm does not have: a lab makes some only. */
  readonly absent: readonly string[];
  /** Patience with pods, in milliseconds. */
  readonly limitMs: number;
  readonly callUrl: CallUrl;
}
