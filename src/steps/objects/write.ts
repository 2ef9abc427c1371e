import type { KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import type { Item } from '../items.js';
import { detailOf } from './detail.js';
import { isFormer } from './former.js';
import { onExisting } from './look.js';
import { APPLIER, creatorOf, isCreatedBy, isNobodys } from './managers.js';
import { missingOwners, relinked } from './owners.js';
import type { PlannedObject } from './params.js';
import { persist } from './persist.js';
import { prepared } from './prepare.js';
import { kubeRef } from './refs.js';
import { carriedOf, leave, refused, type Wave } from './wave.js';

type Written = Result<string | undefined, StepFailure>;

/** An object on its way: as the bundle has it, and as it is sent. */
interface Sent {
  readonly planned: PlannedObject;
  readonly carried: KubeObject;
  readonly object: KubeObject;
}

const left = (wave: Wave, planned: PlannedObject, why: string): Written => {
  leave(wave, planned, why);
  return err({ class: 'permanent', code: 'objects-refused', message: why });
};

/** Something of this name is there: the run's own work whose answer was lost, or somebody else's. */
const appeared = async (wave: Wave, { planned, carried }: Sent): Promise<Written | 'gone'> => {
  const { context, kube, signal, params } = wave;
  const live = await persist({ clock: context.clock, signal }, () =>
    kube.get(kubeRef(planned.ref), { signal }),
  );
  if (!live.ok) return live.error.kind === 'not-found' ? 'gone' : err(refused(wave, planned, live.error));
  if (isCreatedBy(live.value, context.run) || isNobodys(live.value))
    return ok(detailOf(live.value, carried, params));
  switch (onExisting(live.value, params.existing)) {
    case 'skip':
      return ok('kept: it was there');
    case 'update':
      // Its former state must be in the journal before it is changed: the last wave looks at it anew.
      return left(wave, planned, 'it came into being since the plan was made');
    case 'fail':
      return left(
        wave,
        planned,
        'it came into being since the plan was made, and spec.restore.existing is fail',
      );
  }
};

const create = async (wave: Wave, sent: Sent): Promise<Written> => {
  const { planned, object, carried } = sent;
  const { context, kube, signal, params } = wave;
  const { name: _name, ...at } = kubeRef(planned.ref);
  const fieldManager = creatorOf(context.run);
  const made = await persist({ clock: context.clock, signal }, () =>
    kube.create(at, object, { fieldManager, fieldValidation: 'Strict', signal }),
  );
  if (made.ok) return ok(detailOf(made.value, carried, params));
  if (made.error.kind !== 'already-exists') return err(refused(wave, planned, made.error));
  const found = await appeared(wave, sent);
  return found === 'gone' ? left(wave, planned, 'somebody makes and deletes it at the same time') : found;
};

const update = async (wave: Wave, { planned, object, carried }: Sent, uid: string): Promise<Written> => {
  const { context, kube, signal, params } = wave;
  const applied = await persist({ clock: context.clock, signal }, () =>
    kube.apply(
      kubeRef(planned.ref),
      // The very object whose former state is in the journal, not another one of its name.
      { ...object, metadata: { ...object.metadata, uid } },
      { fieldManager: APPLIER, force: true, fieldValidation: 'Strict', signal },
    ),
  );
  return applied.ok
    ? ok(detailOf(applied.value, carried, params))
    : err(refused(wave, planned, applied.error));
};

/** Writes one object of a wave; converges. `again` = it may have been written already. */
export const write = async (wave: Wave, item: Item, again: boolean): Promise<Written> => {
  const planned = wave.planned.get(item.key);
  if (planned === undefined) throw new Error(`${item.key} is no object of wave ${wave.params.wave}`);
  const carried = await carriedOf(wave, planned);
  wave.ready.delete(item.key);
  if (!carried.ok) return carried;
  const owners = await wave.owners.of(carried.value);
  if (!owners.ok) return left(wave, planned, owners.error.message);
  const later = wave.circles.get(item.key);
  if (missingOwners(carried.value, wave.source, owners.value).some((key) => later?.has(key) !== true))
    return left(wave, planned, 'its owner is not there yet');
  const object = relinked(prepared(carried.value.object, wave.params), owners.value);
  const sent = { planned, object, carried: carried.value.object };
  if (isFormer(item.before)) return update(wave, sent, item.before.uid);
  const found = again ? await appeared(wave, sent) : 'gone';
  return found === 'gone' ? create(wave, sent) : found;
};
