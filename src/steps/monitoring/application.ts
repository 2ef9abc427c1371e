import type { z } from 'zod';
import { applicationsSchema } from '../../spec/schema/applications.js';
import type { Application } from '../apps/input.js';

type Written = z.input<typeof applicationsSchema>[number];

/** A part of monitoring that is an application like any other: image, variables, probes, perhaps a name outside. */
export const applicationOf = (written: Written): Application => {
  const [application] = applicationsSchema.parse([written]);
  if (application === undefined) throw new Error('one application in, one application out');
  return application;
};
