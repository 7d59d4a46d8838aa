import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { exitCodes } from '../results/exit-code.js';
import { knownDefects } from '../self-test/known-defects.js';
import { proveDefect } from '../self-test/prove-defect.js';

export interface SelfTestOptions {
  /** Folder of the workspace, whose packages are built. @default the current folder */
  readonly root?: string;
  /** What runs the guards. @default the built `child.js` of this package */
  readonly childProgram?: string | undefined;
}

/**
 * Puts known defects into copies of the present build and asks the guards about them. Resolves to the exit
 * code: 1 where one was not found, or was seen where there is none.
 *
 * @throws BenchError `PROJECT_NOT_FOUND`, `BUILD_MISSING`, `DEFECT_NOT_APPLIED`
 */
export async function run(options: SelfTestOptions): Promise<number> {
  const root = resolve(options.root ?? '.');
  const cacheDir = join(root, 'node_modules', '.cache', 'bench-data');
  const work = await realpath(await mkdtemp(join(tmpdir(), 'bench-')));
  let exitCode: number = exitCodes.fine;
  try {
    for (const [index, defect] of knownDefects.entries()) {
      const told = { root, cacheDir, work: join(work, String(index)) };
      const proof = await proveDefect(defect, { ...told, childProgram: options.childProgram });
      if (!proof.holds) exitCode = exitCodes.regressed;
      const word = proof.holds ? 'found' : 'MISSED';
      process.stdout.write(`${word}  ${proof.defect}\n       ${proof.guard}: ${proof.reason}\n`);
    }
    return exitCode;
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}
