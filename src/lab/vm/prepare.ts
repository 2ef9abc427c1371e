import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { withLock } from '../state/lock.js';
import { type Accelerator, chooseAccelerator } from './accelerator.js';
import { vmImage } from './image.js';
import { vmHome } from './paths.js';
import { vmTools } from './tools.js';

/** Makes what all virtual machines share, where it is missing, and finds out how they can run here. */
export const prepareVms = (context: LabContext, rootfs: string): Promise<Result<Accelerator, DroverError>> =>
  withLock(vmHome(context.env), 'lab up (preparing virtual machines)', async () => {
    const tools = await vmTools(context);
    if (!tools.ok) return tools;
    const image = await vmImage(rootfs, tools.value, context);
    if (!image.ok) return image;
    const accelerator = await chooseAccelerator(tools.value);
    if (accelerator === 'tcg') {
      const text =
        'virtual machines are emulated here (KVM does not work): 10 to 15 times slower than hosts without --vm';
      context.emit({ type: 'note', level: 'info', text });
    }
    return ok(accelerator);
  });
