import type { RequestOptions } from 'node:https';

/** What a kubeconfig says about one context. */
export interface Kubeconfig {
  readonly context: string;
  readonly server: string;
  /** How the server has to prove itself. */
  readonly tls: Pick<RequestOptions, 'servername' | 'rejectUnauthorized'>;
  /** `proxy-url`: how the server is reached. */
  readonly proxy?: string;
  /**
   * Certificates and headers for requests, and the agent that goes through the proxy. Runs plugins and reads token files;
   * rejects when they fail.
   */
  readonly options: () => Promise<RequestOptions>;
}
