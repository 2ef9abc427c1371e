import { z } from 'zod';

/** What makes a host itself; duplicates of these break clusters. */
export const identitySchema = z.strictObject({
  hostname: z.string(),
  /** What /etc/hostname holds; may differ from the running name. */
  staticHostname: z.string(),
  machineId: z.string(),
  /** DMI product UUID, when readable. */
  productUuid: z.string().optional(),
  /** Addresses that the host's own name resolves to on the host. */
  hostnameResolvesTo: z.array(z.string()),
  /** SHA256:… fingerprints of the host's ssh keys. */
  sshHostKeys: z.array(z.string()),
});
