import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { createFieldReader, textOfField } from './field-reader.js';
import { gitFailure, isOutsideOfGit } from './git-failure.js';
import { walkFiles } from './walk-files.js';

export interface ListFilesOptions {
  /** Files and folders outside of which nothing is listed, relative to the root. @default the root */
  readonly folders?: readonly string[];
}

/**
 * Paths of the files below the root, relative, with `/`, sorted: what git knows and what it does not
 * ignore, as far as it is there. Symlinks are files, submodules and repositories inside are not.
 *
 * Where git knows nothing of the folder (no git, no repository, one that ignores the folder), the folder is
 * walked, and folders of what is installed, built or recorded are left out.
 *
 * @throws GateError `GIT_FAILED`, `INVALID_FILE` for a folder that cannot be read, `CANCELLED`
 */
export async function listFiles(
  ports: GatePorts,
  { folders = ['.'] }: ListFilesOptions = {},
): Promise<readonly string[]> {
  if (folders.length === 0) return [];
  const files = await askGit(ports, folders);
  return files.size === 0 ? walkFiles(ports, folders) : [...files].sort();
}

async function askGit(
  { fs, git, root }: GatePorts,
  folders: readonly string[],
): Promise<ReadonlySet<string>> {
  const files = new Set<string>();
  const reader = createFieldReader((field) => {
    readEntry(files, textOfField(field), (path) => isThere(fs, `${root}/${path}`));
  });
  const argv = ['--literal-pathspecs', 'ls-files', ...what, '--', ...folders];
  const answer = await git(argv, { onOutput: reader.push });
  if (isOutsideOfGit(answer)) return new Set();
  const attempted = `list the files of '${root}'`;
  if (answer.exitCode !== 0) throw gitFailure(answer, attempted);
  if (!reader.isComplete()) {
    throw new GateError('GIT_FAILED', `Cannot ${attempted}: the output of git breaks off`);
  }
  return files;
}

/** Known, gone and unknown files by one process: with a tag each, and known ones with their kind. */
const what = ['-t', '-s', '-c', '-d', '-o', '--exclude-standard', '-z'];

function readEntry(files: Set<string>, entry: string, isOnDisk: (path: string) => boolean): void {
  const tag = entry.slice(0, 1);
  if (tag === '?') {
    // A slash at the end stands for a repository of its own.
    if (!entry.endsWith('/')) files.add(entry.slice(2));
    return;
  }
  const path = entry.slice(entry.indexOf('\t') + 1);
  if (tag === 'R') files.delete(path);
  else if (entry.startsWith('160000 ', 2)) return;
  // What a sparse checkout leaves out has the same mark as what somebody hides.
  else if (tag !== 'S' || isOnDisk(path)) files.add(path);
}

function isThere(fs: GatePorts['fs'], path: string): boolean {
  try {
    fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}
