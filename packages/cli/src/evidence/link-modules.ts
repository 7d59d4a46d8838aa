import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const lockFiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

const folderName = 'node_modules';

/** Two trees of one repository: `from` has its modules installed, `to` may have none. */
export interface Trees {
  readonly from: string;
  readonly to: string;
}

/**
 * Lends the installed modules of one tree to another that asks for the very same ones: every entry of
 * `node_modules` becomes a link to that of the first tree. What leads to a package of the repository itself
 * (a workspace) leads to the second tree's own package, or else the first tree would be measured twice.
 *
 * @returns What is missing in the second tree, as one sentence; undefined where nothing is.
 */
export function linkModules(trees: Trees): string | undefined {
  const { from, to } = trees;
  if (!existsSync(join(to, 'package.json')) || existsSync(join(to, folderName))) return undefined;
  const lockFile = lockFiles.find((name) => existsSync(join(to, name)));
  if (lockFile === undefined && !existsSync(join(from, folderName))) return undefined;
  if (!existsSync(join(from, folderName))) {
    return `node_modules is missing here and there: the pipeline has to install them`;
  }
  if (lockFile === undefined || !isSameFile(lockFile, trees)) {
    const why = lockFile === undefined ? 'it has no lock file' : `its ${lockFile} is another one`;
    return `node_modules is missing there, and those of this tree may not fit (${why}): the pipeline has to install them`;
  }
  linkFolder('', trees);
  return undefined;
}

function isSameFile(name: string, { from, to }: Trees): boolean {
  const path = join(from, name);
  return existsSync(path) && readFileSync(path).equals(readFileSync(join(to, name)));
}

/** Links the modules of one package of the repository, and of its workspaces that they lead to. */
function linkFolder(packagePath: string, trees: Trees): void {
  const modules = join(packagePath, folderName);
  if (!existsSync(join(trees.from, modules)) || existsSync(join(trees.to, modules))) return;
  mkdirSync(join(trees.to, modules));
  for (const name of readdirSync(join(trees.from, modules))) {
    const path = join(modules, name);
    if (isFolderOfLinks(name, join(trees.from, path))) linkMembers(path, trees);
    else linkEntry(path, trees);
  }
}

/** Scopes and programs: each member can lead somewhere else. */
function isFolderOfLinks(name: string, path: string): boolean {
  return (name.startsWith('@') || name === '.bin') && lstatSync(path).isDirectory();
}

function linkMembers(path: string, trees: Trees): void {
  mkdirSync(join(trees.to, path));
  for (const name of readdirSync(join(trees.from, path))) linkEntry(join(path, name), trees);
}

function linkEntry(path: string, trees: Trees): void {
  const own = ownPath(join(trees.from, path), trees.from);
  const target = join(own === undefined ? trees.from : trees.to, own ?? path);
  const isFolder = lstatSync(join(trees.from, path)).isDirectory() || own !== undefined;
  symlinkSync(target, join(trees.to, path), isFolder ? 'junction' : undefined);
  // The way back into the repository is a workspace: it can have modules of its own.
  if (own !== undefined && existsSync(join(target, 'package.json'))) linkFolder(own, trees);
}

/** Where an entry leads within the repository, but for what is installed; undefined anywhere else. */
function ownPath(path: string, root: string): string | undefined {
  if (!lstatSync(path).isSymbolicLink()) return undefined;
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    return undefined;
  }
  const way = relative(realpathSync(root), real);
  const isInside =
    way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && dirname(way) !== way;
  return isInside && !way.split(sep).includes(folderName) ? way : undefined;
}
