/** Controllers whose annotations are known. */
export type IngressController = 'nginx' | 'traefik';
type Translate = (value: string) => Readonly<Record<string, string>> | undefined;

/** How the annotations of each begin. */
export const ANNOTATION_PREFIX: Readonly<Record<IngressController, string>> = {
  nginx: 'nginx.ingress.kubernetes.io/',
  traefik: 'traefik.ingress.kubernetes.io/',
};

/** Annotations that say nothing more on the other controller, or the same in its words. By suffix. */
export const COUNTERPARTS: Readonly<Record<IngressController, Readonly<Record<string, Translate>>>> = {
  nginx: {
    'force-ssl-redirect': (value) => (value === 'true' ? undefined : {}),
    'ssl-redirect': (value) => (value === 'true' ? undefined : {}),
    // Traefik limits bodies only when it is told to.
    'proxy-body-size': (value) => (value === '0' ? {} : undefined),
    'use-regex': (value) => (value === 'true' ? undefined : {}),
  },
  traefik: {
    'router.tls': () => ({}),
    'router.entrypoints': (value): Readonly<Record<string, string>> | undefined => {
      if (value === 'websecure') return { [`${ANNOTATION_PREFIX.nginx}force-ssl-redirect`]: 'true' };
      return value.split(',').includes('web') ? {} : undefined;
    },
  },
};

/** Annotations that were written for the other controller and have no counterpart on this one. */
export const lostAnnotations = (
  annotations: Readonly<Record<string, string>>,
  controller: IngressController,
): readonly string[] => {
  const other = controller === 'nginx' ? 'traefik' : 'nginx';
  const prefix = ANNOTATION_PREFIX[other];
  return Object.entries(annotations)
    .filter(
      ([key, value]) =>
        key.startsWith(prefix) && COUNTERPARTS[other][key.slice(prefix.length)]?.(value) === undefined,
    )
    .map(([key]) => key);
};
