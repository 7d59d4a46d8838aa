import { join, relative, resolve } from 'node:path';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { textOfField } from '../repository/field-reader.js';
import { gitFailure } from '../repository/git-failure.js';
import { readFields } from '../repository/read-fields.js';
import { readUnseenFiles } from '../repository/read-unseen-files.js';

/** What each changed file is like, by its path from the root; of the branch and its commit by an empty one. */
export type TreeState = ReadonlyMap<string, string>;

/**
 * What the repository is like at this moment, so that a later look shows what was changed in between: where its
 * branch is, what is in its index, and of each file that differs from it, is new or is hidden from git what its
 * disk says; and the same of git's configuration and hooks. Ignored
 * files and the records of runs are left out. No content is read.
 *
 * @throws GateError `GIT_FAILED`, `NOT_A_REPOSITORY`, `CANCELLED`
 */
export async function readTreeState(ports: GatePorts): Promise<TreeState> {
  const { git, root, runsDir, outDir } = ports;
  const attempted = `look for changes in '${root}'`;
  const answer = await git(['rev-parse', '--show-cdup', '--git-common-dir']);
  if (answer.exitCode !== 0) throw gitFailure(answer, attempted);
  const [way = '', gitFolder = ''] = answer.output.split('\n');
  const top = resolve(root, way);
  const state = new Map<string, string>();
  const isRecord = (path: string): boolean =>
    [runsDir, outDir].some((folder) => path.startsWith(`${folder}/`));
  await readFields(ports, status, attempted, (field) => {
    const { place, says } = readEntry(field);
    if (place === undefined) {
      state.set('', `${state.get('') ?? ''}${says}\n`);
      return;
    }
    const path = resolve(top, place);
    if (!isRecord(path)) state.set(relative(root, path), `${says} ${describeFile(ports, path)}`);
  });
  const { unwatched } = await readUnseenFiles(ports);
  const hidden = [...unwatched.keys()].map((field) => resolve(root, textOfField(field)));
  for (const path of [...hidden, ...gitPrograms(ports, resolve(root, gitFolder))]) {
    const name = relative(root, path);
    state.set(name, `${state.get(name) ?? ''} ${describeFile(ports, path)}`);
  }
  return state;
}

/** What of a repository names programs that git runs later, or what git passes over. */
function gitPrograms({ fs }: GatePorts, gitFolder: string): readonly string[] {
  const folders = ['hooks', 'info'].map((name) => join(gitFolder, name));
  return [join(gitFolder, 'config'), ...folders.flatMap((folder) => namesIn(fs, folder))];
}

function namesIn(fs: GatePorts['fs'], folder: string): readonly string[] {
  try {
    return fs.readdir(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Paths that are not as they were, sorted; an empty one stands for the branch or its commit. */
export function changedPaths(before: TreeState, after: TreeState): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

const status = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-ahead-behind',
  '--untracked-files=all',
  '--no-renames',
  '-z',
];

/** Fields before the path, by the first letter of an entry. */
const fieldsBefore: Readonly<Record<string, number>> = { '1': 8, u: 10, '?': 1 };

function readEntry(field: string): { readonly place?: string; readonly says: string } {
  const text = textOfField(field);
  if (text.startsWith('#')) return { says: text };
  const count = fieldsBefore[text.slice(0, 1)];
  if (count === undefined) {
    throw new GateError('GIT_FAILED', `Cannot read what git status says: ${text.slice(0, 100)}`);
  }
  const words = text.split(' ');
  return { says: words.slice(0, count).join(' '), place: words.slice(count).join(' ') };
}

/** Whoever writes to a file or replaces it cannot keep its time of change as it was. */
function describeFile({ fs }: GatePorts, path: string): string {
  try {
    const { size, mode, ino, mtimeMs, ctimeMs } = fs.lstat(path);
    return [size, mode, ino, mtimeMs, ctimeMs].join(' ');
  } catch {
    return 'not there';
  }
}
