import type { FileSystem } from '@codex-orchestrator/core';

import { RlmError } from '../errors.js';
import { FileDigester } from './file-digester.js';
import { findJudgingFiles } from './judging-files.js';
import { globFiles } from './glob-files.js';
import type { Validator } from './validator.js';

/**
 * Digests of what is protected, by path relative to the root with `/`, or by `package.json#scripts` for a
 * member of a file. Plain data: it may be stored as JSON and compared later.
 */
export type ProtectedFiles = Readonly<Record<string, string>>;

export interface ProtectedRequest {
  /** The folder that validators run in, absolute. */
  readonly root: string;
  /** Files relative to the root; `!` excludes, and a folder names all that is in it. */
  readonly globs: readonly string[];
  readonly validators: readonly Pick<Validator, 'command'>[];
  /** Folders relative to the root that no glob finds anything in, such as that of the runs. @default none */
  readonly ignoredPaths?: readonly string[];
}

/** Most files that are protected: each of them is read before and after every iteration. */
export const maxProtectedFiles = 20_000;

/**
 * Reads everything that decides, besides the work itself, what validators say, and digests it:
 *
 * - files that the globs name, inside the root; nothing in `.git` and `node_modules`;
 * - files of the root that a validator's command names as a word, such as `./verify.sh`;
 * - for a script of a `package.json` (`npm test`, `pnpm run check`): it, its `pre` and `post` scripts and
 *   the scripts that those run, by value as `package.json#scripts`, and the files that they name, those
 *   in folders for built output excepted;
 * - the configuration of the tools that are called: Makefile, justfile, `vitest.config.*`,
 *   `jest.config.*` or the member `jest`, `.mocharc.*`, `pytest.ini` and `conftest.py`, `nx.json`,
 *   `.npmrc` and the like.
 *
 * A symlink counts as the text of its target, and the file that it leads to counts as well if it is inside
 * the root. Every file is read each time, once: sizes and times of files can be set to what they were, and
 * even `ctime` says too little of a file that is mapped into memory, or on a clock that was moved.
 *
 * @throws RlmError `TOO_MANY_PROTECTED_FILES` above 20,000 files.
 */
export async function hashProtected(
  request: ProtectedRequest,
  fs: FileSystem,
): Promise<ProtectedFiles> {
  const { root, globs, validators, ignoredPaths = [] } = request;
  const judging = findJudgingFiles(validators, root, fs);
  const found = await globFiles(globs, { root, ignoredPaths });
  const paths = new Set([...found, ...judging.paths]);
  if (paths.size > maxProtectedFiles) {
    throw new RlmError(
      'TOO_MANY_PROTECTED_FILES',
      `Cannot protect ${paths.size} files in "${root}": more than ${maxProtectedFiles} match ${JSON.stringify(globs)}`,
    );
  }
  const digester = new FileDigester(root, fs);
  for (const path of paths) await digester.add(path);
  const entries = [...digester.digests, ...judging.members];
  return Object.fromEntries(entries.sort(([one], [other]) => compare(one, other)));
}

/** Paths that were added, removed or changed, sorted. */
export function changedProtected(before: ProtectedFiles, after: ProtectedFiles): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths]
    .filter((path) => digestAt(before, path) !== digestAt(after, path))
    .sort(compare);
}

function digestAt(files: ProtectedFiles, path: string): string | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
