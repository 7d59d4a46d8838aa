import { copyFile, cp, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';

/** The child of the gate, bundled from its sources as a package of its own. */
export interface BundledChild extends AsyncDisposable {
  readonly path: string;
}

export async function bundleChild(): Promise<BundledChild> {
  const rig = await createRig('bench-child-');
  await using bundle = await bundleChildProgram(new URL('../src/child.ts', import.meta.url));
  await rig.write({ 'package.json': { type: 'module' } });
  await mkdir(rig.path('dist'));
  await copyFile(bundle.path, rig.path('dist/child.js'));
  const preload = fileURLToPath(new URL('../preload', import.meta.url));
  await cp(preload, rig.path('preload'), { recursive: true });
  return {
    path: rig.path('dist/child.js'),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}
