/** Shells that get a script. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
