import { lostAnnotations } from '../ingress-annotations.js';
import { defineSpecRule } from '../rule.js';

export const ingressAnnotationLost = defineSpecRule({
  code: 'ingress-annotation-lost',
  title: 'An annotation was written for another ingress controller',
  severity: 'warning',
  acceptable: true,
  explain: `Controllers read annotations of their own and pass over those of others, so what the annotation was for (a size of requests, a
redirect, a rewrite) does not happen, and nobody is told. Annotations of ingress-nginx that mean what Traefik does anyway are not named.

Say it in the words of the controller of \`spec.ingress.controller\`, or take the annotation out.`,
  reads: ['ingress', 'applications'],
  check: ({ ingress, applications }, { at }) => {
    const { controller } = ingress;
    if (controller === 'none') return [];
    return applications.flatMap(({ name, ingress: own }, index) =>
      lostAnnotations(own?.annotations ?? {}, controller).map((key) => ({
        message: `${name}: ${key} does nothing on ${controller}`,
        location: at(['spec', 'applications', index, 'ingress', 'annotations', key]),
        hint: `take it out, or use what ${controller} has for it`,
      })),
    );
  },
});
