import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { BenchError } from '../errors.js';

export interface ExportReplacement {
  /** Name of the package in the slot. */
  readonly packageName: string;
  /** The function that another one takes the place of. */
  readonly name: string;
  /**
   * Text of a module that exports the other one. It reaches what the package has as `sound`, and may
   * import built-in modules of Node.
   */
  readonly program: string;
}

/**
 * Puts another function in the place of one that a built package exports: its entry moves aside, and a module
 * in its place hands on everything else. What the package itself calls stays as it is.
 *
 * @throws BenchError `DEFECT_NOT_APPLIED`
 */
export async function replaceExport(slot: string, replacement: ExportReplacement): Promise<void> {
  const { packageName, name, program } = replacement;
  const entry = join(slot, 'node_modules', packageName, 'dist', 'index.js');
  if (!exportsName(await readFile(entry, 'utf8'), name)) {
    const message = `Putting a defect into "${entry}" failed: it exports no \`${name}\``;
    throw new BenchError('DEFECT_NOT_APPLIED', message, { path: entry });
  }
  await rename(entry, join(dirname(entry), 'index.sound.js'));
  const head = `import * as sound from './index.sound.js';\nexport * from './index.sound.js';\n`;
  await writeFile(entry, `${head}${program}`);
}

/** In the list that bundles end with. */
function exportsName(text: string, name: string): boolean {
  const [, list = ''] = /export\s*\{([^}]*)\};?\s*(?:\/\/.*\s*)?$/.exec(text) ?? [];
  return list.split(',').some((part) => part.trim().split(/\s+/).at(-1) === name);
}
