/**
 * Where a command works: the real world, or one lab (design.md §5). Unix sockets and files cross network
 * namespaces, so each realm has its own paths; nothing of a lab is ever read or written by a real run.
 */
export type Realm = { readonly kind: 'real' } | { readonly kind: 'lab'; readonly name: string };

export const realmName = (realm: Realm): string => (realm.kind === 'real' ? 'real' : `lab/${realm.name}`);

/** The files that belong to one realm. Absolute paths. */
export interface RealmPaths {
  /** ssh configuration handed to `ssh -F`; absent = the user's own. */
  readonly sshConfig?: string;
  readonly knownHosts?: string;
  /** Short private directory for ControlMaster sockets (mode 0700). */
  readonly controlDir: string;
  /** A kubeconfig of the realm's own; absent = the user's. */
  readonly kubeconfig?: string;
  /** Runs, journals, saved facts. */
  readonly stateDir: string;
}
