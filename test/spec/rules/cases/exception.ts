/** Somebody's word that what a rule finds is accepted until a day. */
export const exception = (rule: string, until: string): object => ({
  exceptions: [{ rule, until, reason: 'we know what we do' }],
});
