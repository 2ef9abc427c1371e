import type { DroverErrors } from '../../../core/error.js';
import type { Result } from '../../../core/result.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { World } from '../../../steps/step.js';
import type { LabApps } from '../apps/app-sets.js';
import { wantedSets } from '../wanted-sets.js';
import type { SetInput } from './set-renderer.js';

/** The object sets that a spec asks for. */
export interface SetSource {
  /** Renders them for the world as it is; kept until they are rendered again. */
  readonly render: (world: World) => Promise<Result<readonly WantedSet[], DroverErrors>>;
  /** What stands in for applications in a lab. */
  readonly lab: LabApps;
  /** What was rendered last in this process. */
  readonly last: () => readonly WantedSet[] | undefined;
}

export const setSource = (input: Omit<SetInput, 'world'>): SetSource => {
  let last: readonly WantedSet[] | undefined;
  return {
    render: async (world) => {
      const rendered = await wantedSets({ ...input, world });
      if (rendered.ok) last = rendered.value;
      return rendered;
    },
    lab: input.lab,
    last: () => last,
  };
};
