import type { KubeObject } from '../../core/ports/kube.js';
import { type Application, metaOf } from './input.js';

/** Volumes are called after their application, so that two of them may both have `data`. */
export const claimName = ({ name }: Application, volume: string): string => `${name}-${volume}`;

/** A claim for each volume of an application. */
export const claimsOf = (application: Application): readonly KubeObject[] =>
  application.storage.map(({ name, size, className, accessMode }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metaOf(application, claimName(application, name)),
    spec: {
      accessModes: [accessMode],
      ...(className === undefined ? {} : { storageClassName: className }),
      resources: { requests: { storage: size } },
    },
  }));
