/** One line of help for every first word that has commands below it. */
export const groups: Readonly<Record<string, string>> = {
  config: 'Check, view and explain the spec',
  drill: 'Take something away on purpose, and prove that it is borne',
  lab: 'Real hosts on this machine, to try, rehearse and break things',
  secrets: 'Look after the sealed values of a spec or of a bundle',
  vault: 'What Vault must know of the cluster',
};
