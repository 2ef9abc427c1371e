import { z } from 'zod';

/** The first file that is read, the last one that is written: without it a folder is no bundle. */
export const INDEX_FILE = 'bundle.json';
/** Files beside the objects; none of them is needed to restore. */
export const REPORT_FILES = {
  objects: 'report/objects.jsonl',
  leftOut: 'report/left-out.jsonl',
  findings: 'report/findings.json',
  document: 'README.md',
  picture: 'references.svg',
} as const;

const hex = z.string().regex(/^[0-9a-f]{64}$/);

export const bundleEntrySchema = z.strictObject({
  /** Relative, with `/`; derives from the object's name alone. */
  path: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** UID in the source cluster: owner references are found again by it. */
  uid: z.string(),
  /** SHA-256 of the file's bytes. */
  sha256: hex,
  /** Number of sealed values in it. */
  sealed: z.number().int(),
});
export type BundleEntry = z.infer<typeof bundleEntrySchema>;

/** A kind as the source serves it; offline plans find plural and scope of an object here. */
export const bundleKindSchema = z.strictObject({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  plural: z.string(),
  namespaced: z.boolean(),
});
export type BundleKind = z.infer<typeof bundleKindSchema>;

export const sourceSchema = z.strictObject({
  server: z.string(),
  context: z.string(),
  /** UID of the namespace kube-system: the identity of a cluster. */
  uid: z.string(),
  version: z.string(),
  distribution: z.enum(['k3s', 'rke2', 'kubeadm', 'other']),
});

/** What lies in a bundle. The digest covers all of it but itself and the time; plans pin it. */
export const bundleIndexSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('Bundle'),
  formatVersion: z.literal(1),
  tool: z.string(),
  /** ISO 8601; not part of the digest. */
  exportedAt: z.string(),
  source: sourceSchema,
  /** Version of the API's store at which all lists were true. */
  resourceVersion: z.string(),
  kinds: z.array(bundleKindSchema),
  key: z.strictObject({
    /** First bytes of the key's own digest: tells keys apart without telling anything about them. */
    id: z.string(),
    recipients: z.array(z.string()),
    /** The data key, armored age. */
    wrapped: z.string(),
  }),
  entries: z.array(bundleEntrySchema),
  /** SHA-256 over the members above but exportedAt, hex. */
  digest: hex,
  /** HMAC-SHA-256 of the digest under a key derived from the data key: nobody without an identity can make one. */
  mac: hex,
});
export type BundleIndex = z.infer<typeof bundleIndexSchema>;
