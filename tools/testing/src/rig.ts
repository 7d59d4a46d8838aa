import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

/** A fresh temp folder that removes itself: `await using rig = await createRig()`. */
export interface Rig extends AsyncDisposable {
  /** Absolute, symlink-free path of the folder. */
  readonly root: string;
  /** Absolute path of something inside the folder. */
  path(...segments: string[]): string;
  /** Writes files by relative path; folders are made as needed. Objects become JSON with two spaces. */
  write(files: Readonly<Record<string, string | Uint8Array | object>>): Promise<void>;
  /** Text of one file. */
  read(relativePath: string): Promise<string>;
  /** Parsed content of one JSON file. */
  readJson(relativePath: string): Promise<unknown>;
  /** Relative paths (with `/`) of all files and symlinks below the folder, sorted. */
  list(relativeFolder?: string): Promise<string[]>;
}

export async function createRig(prefix = 'rig-'): Promise<Rig> {
  const root = await realpath(await mkdtemp(join(tmpdir(), prefix)));
  const path = (...segments: string[]): string => join(root, ...segments);
  return {
    root,
    path,
    write: (files) => writeFiles(root, files),
    read: (relativePath) => readFile(path(relativePath), 'utf8'),
    readJson: async (relativePath) =>
      JSON.parse(await readFile(path(relativePath), 'utf8')) as unknown,
    list: (relativeFolder = '.') => listFiles(root, path(relativeFolder)),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function writeFiles(
  root: string,
  files: Readonly<Record<string, string | Uint8Array | object>>,
): Promise<void> {
  for (const [relativePath, content] of Object.entries(files)) {
    const target = join(root, relativePath);
    await mkdir(dirname(target), { recursive: true });
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(target, raw ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
