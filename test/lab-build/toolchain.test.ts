import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGo, toolchainFor } from '../../src/lab/build/toolchain.js';
import { fakeGo, temporary } from './rig.js';

const goMod = async (text: string): Promise<string> => {
  const path = join(await temporary(), 'go.mod');
  await writeFile(path, text);
  return path;
};

describe('Go', () => {
  it('that is missing is one clear error that names the other way', async () => {
    const found = await findGo({ PATH: await temporary() }, []);
    expect(found.ok ? undefined : found.error).toMatchInlineSnapshot(`
      {
        "code": "lab-go-missing",
        "hint": "install Go from https://go.dev/dl; or use a real K3s, which needs none: \`drover lab up --cluster --k3s /path/to/k3s\`, or \`--k3s-url URL --sha256 HEX\` to download it",
        "message": "Go was not found in PATH or its usual places",
        "state": "nothing was changed",
      }
    `);
  });

  it('that is older than 1.21 is refused with its version', async () => {
    const { bin } = await fakeGo('', 'go1.19.8');
    const found = await findGo({ PATH: `${bin}:/usr/bin:/bin` }, []);
    expect(found).toMatchObject({ ok: false, error: { code: 'lab-go-old' } });
    expect(found.ok ? '' : found.error.message).toContain('is 1.19.8, needed is 1.21.0 or later');
  });

  it.each([
    ['go 1.26', 'go1.26.8', 'local'],
    ['go 1.26.4', 'go1.26.4', 'local'],
    ['go 1.26.4', 'go1.26.3', 'go1.26.4'],
    ['go 1.25', 'go1.24.9', 'go1.25.0'],
    ['go 1.24.0\n\ntoolchain go1.26.2', 'go1.25.9', 'go1.26.2'],
    ['go 1.9', 'go1.21.0', 'local'],
  ])('for a module with "%s" on a machine with %s is %s', async (line, version, expected) => {
    const { bin } = await fakeGo('', version);
    const found = await findGo({ PATH: `${bin}:/usr/bin:/bin` }, []);
    if (!found.ok) throw new Error(found.error.message);
    expect(await toolchainFor(found.value, await goMod(`module x\n\n${line}\n`))).toBe(expected);
  });
});
