import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Defect } from '../src/self-test/defect.js';
import { loadAnotherModule } from '../src/self-test/load-another-module.js';
import { proveDefect } from '../src/self-test/prove-defect.js';
import type { Proof } from '../src/self-test/prove-defect.js';
import { replaceExport } from '../src/self-test/replace-export.js';
import { bundleChild } from './exact-child.js';
import type { BundledChild } from './exact-child.js';

let child: BundledChild;
beforeAll(async () => {
  child = await bundleChild();
});
afterAll(() => child[Symbol.asyncDispose]());

const packageName = '@codex-orchestrator/sample';

const writesTwice = `export function write(fs, path) {
  sound.write(fs, path);
  sound.write(fs, path);
}`;

function defect(change: Partial<Defect> = {}, program = writesTwice): Defect {
  return {
    name: 'a file that is written twice',
    project: 'sample',
    guard: 'a-file-is-one-write',
    measure: 'writes',
    apply: (slot) => replaceExport(slot, { packageName, name: 'write', program }),
    ...change,
  };
}

/** A workspace with one built package and its guard. */
async function workspace(rig: Rig, budget = '{ writes: 1, fsyncs: 0 }'): Promise<void> {
  await rig.write({
    'packages/sample/package.json': {
      name: packageName,
      type: 'module',
      exports: { '.': { default: './dist/index.js' } },
    },
    'packages/sample/dist/index.js': `
      function put(fs, path) {
        const fd = fs.open(path, 'w');
        fs.write(fd, Buffer.from('text'), null);
        fs.close(fd);
      }
      const kept = 7;
      export { kept, put as write };
      //# sourceMappingURL=index.js.map`,
    'packages/sample/bench/a-file-is-one-write.bench.mjs': `
      export const guard = {
        kind: 'exact',
        promise: 'A file is written once',
        budget: ${budget},
        measure: async ({ load, countFiles, folder }) => {
          const { kept, write } = await load('${packageName}');
          if (kept !== 7) throw new Error('what else the package has is missing');
          const { fs, counts } = countFiles();
          write(fs, folder + '/a.txt');
          return counts();
        },
      };`,
  });
}

function prove(rig: Rig, what: Defect): Promise<Proof> {
  const { root } = rig;
  const work = rig.path('work');
  return proveDefect(what, { root, work, cacheDir: rig.path('data'), childProgram: child.path });
}

test('a defect that its guard finds is proved, in a copy of the build', async () => {
  await using rig = await createRig();
  await workspace(rig);
  const built = await rig.list('packages');
  const proof = await prove(rig, defect());
  expect(proof).toEqual({
    defect: 'a file that is written twice',
    guard: 'sample/a-file-is-one-write',
    holds: true,
    reason: 'writes is 2, the budget is 1',
  });
  expect(await rig.list('packages')).toEqual(built);
});

test('a guard that does not see the defect is told', async () => {
  await using rig = await createRig();
  await workspace(rig, '{ writes: 2, fsyncs: 0 }');
  const { holds, reason } = await prove(rig, defect());
  expect([holds, reason]).toEqual([false, 'it is held: as budgeted: writes 2, fsyncs 0']);
});

test('a guard that is regressed by the sound build proves nothing', async () => {
  await using rig = await createRig();
  await workspace(rig, '{ writes: 0 }');
  const { holds, reason } = await prove(rig, defect());
  expect(holds).toBe(false);
  expect(reason).toBe('without the defect it is regressed: writes is 1, the budget is 0');
});

test('a guard that regresses for another reason than the defect proves nothing', async () => {
  await using rig = await createRig();
  await workspace(rig);
  const { holds, reason } = await prove(rig, defect({ measure: 'fsyncs' }));
  expect([holds, reason]).toEqual([
    false,
    'fsyncs is within its limit: writes is 2, the budget is 1',
  ]);
});

test('a build that a defect breaks altogether is no proof', async () => {
  await using rig = await createRig();
  await workspace(rig);
  const throwing = `export function write() { throw new Error('broken'); }`;
  const { holds, reason } = await prove(rig, defect({}, throwing));
  expect([holds, reason]).toEqual([false, 'it is failed: broken']);
});

test('a defect that has no place in the build is refused', async () => {
  await using rig = await createRig();
  await workspace(rig);
  const gone = defect({
    apply: (slot) => replaceExport(slot, { packageName, name: 'put', program: writesTwice }),
  });
  await expect(prove(rig, gone)).rejects.toMatchObject({ code: 'DEFECT_NOT_APPLIED' });
});

test('the command line is made to load a module more, or the defect is refused', async () => {
  await using rig = await createRig();
  const main = 'node_modules/codex-orchestrator/dist/main.cjs';
  await expect(loadAnotherModule(rig.root)).rejects.toMatchObject({ code: 'DEFECT_NOT_APPLIED' });
  await rig.write({ [main]: '"use strict";let loaded=1;' });
  await loadAnotherModule(rig.root);
  expect(await rig.read(main)).toBe('"use strict";require("./another.cjs");let loaded=1;');
  expect(await rig.list()).toContain('node_modules/codex-orchestrator/dist/another.cjs');
});
