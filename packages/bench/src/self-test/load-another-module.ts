import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { BenchError, codeOf } from '../errors.js';

const strict = '"use strict";';

/**
 * Makes the built command line load a file more when it starts.
 *
 * @throws BenchError `DEFECT_NOT_APPLIED`
 */
export async function loadAnotherModule(slot: string): Promise<void> {
  const main = join(slot, 'node_modules', 'codex-orchestrator', 'dist', 'main.cjs');
  const text = await readFile(main, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  });
  if (!text.startsWith(strict)) {
    const message = `Putting a defect into "${main}" failed: it does not begin with ${strict}`;
    throw new BenchError('DEFECT_NOT_APPLIED', message, { path: main });
  }
  await writeFile(join(dirname(main), 'another.cjs'), `${strict}\nmodule.exports = {};\n`);
  const loaded = `${strict}require("./another.cjs");`;
  await writeFile(main, `${loaded}${text.slice(strict.length)}`);
}
