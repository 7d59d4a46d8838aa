import { join, sep } from 'node:path';

import { writeFileAtomic } from '@codex-orchestrator/core';

import type { WorldPorts } from '../loop/ports.js';
import { isThere, readIfThere, removeTree, writeNew } from './file-tree.js';
import type { Repository } from './find-repository.js';
import { createGit } from '@codex-orchestrator/exec';
import type { Git } from '@codex-orchestrator/exec';
import {
  fallbackIdentity,
  identityOf,
  parseSettings,
  renderPrivateConfig,
} from './private-config.js';
import type { Identity } from './private-config.js';
import { PrivateFiles } from './private-files.js';

/**
 * A repository of the loop's own over the files of another one: own index, own configuration, no hooks.
 * It has the object store in common with the other, so that trees can be kept on a branch there.
 *
 * Git reads no configuration here but the one that was written down before the first turn of an agent:
 * an agent that writes into `.git`, into the configuration of its user or into this repository changes
 * nothing.
 */
export interface PrivateRepository {
  readonly git: Git;
  readonly indexPath: string;
  readonly identity: Identity;
}

export interface PrivateRepositoryOptions {
  readonly repository: Repository;
  /** Its own folder, absolute; made where it is missing. */
  readonly folder: string;
  /** Top folder of the files that it looks at, and the folder in it to start git in. */
  readonly files: { readonly top: string; readonly folder: string };
  /** Paths relative to the top that are no part of the work. */
  readonly ignoredPaths: readonly string[];
  /** Starts git in the other repository. */
  readonly git: Git;
}

const identityFile = 'identity.json';

/** Opens the private repository of a loop, or makes it. Its configuration is written last: it stands for all. */
export async function openPrivateRepository(
  options: PrivateRepositoryOptions,
  ports: WorldPorts,
): Promise<PrivateRepository> {
  const { folder, files, repository } = options;
  if (!isThere(ports.fs, join(folder, 'config'))) await makePrivateRepository(options, ports);
  const indexPath = join(folder, 'index');
  // Only a process that was killed can have left it: nobody else uses this index.
  removeTree(ports.fs, `${indexPath}.lock`);
  const git = createGit({
    folder: files.folder,
    environment: ports.environment,
    signal: ports.signal,
    env: {
      GIT_DIR: folder,
      GIT_WORK_TREE: files.top,
      GIT_INDEX_FILE: indexPath,
      GIT_OBJECT_DIRECTORY: repository.objectsDir,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '0',
      GIT_CONFIG_PARAMETERS: '',
      GIT_ATTR_NOSYSTEM: '1',
    },
  });
  const own = new PrivateFiles(folder, ports.fs);
  return {
    git: (argv, call) => {
      own.restore();
      return git(argv, call);
    },
    indexPath,
    identity: readIdentity(folder, ports),
  };
}

async function makePrivateRepository(
  { repository, folder, ignoredPaths, git }: PrivateRepositoryOptions,
  { fs, random }: WorldPorts,
): Promise<void> {
  const listing = await git(['config', '--list', '-z', '--includes']);
  const settings = parseSettings(listing.output);
  removeTree(fs, folder);
  for (const name of ['refs', 'info', 'objects']) fs.mkdir(join(folder, name), { recursive: true });
  const exclude = readIfThere(fs, repository.excludePath)?.toString('utf8') ?? '';
  const ignored = ignoredPaths.map((path) => `/${escapePattern(path)}\n`).join('');
  writeNew(fs, join(folder, 'info', 'exclude'), `${exclude}\n${ignored}`);
  const attributes = readIfThere(fs, repository.attributesPath);
  if (attributes) writeNew(fs, join(folder, 'info', 'attributes'), attributes);
  writeNew(fs, join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  writeNew(fs, join(folder, identityFile), JSON.stringify(identityOf(settings)));
  const { objectFormat, commonDir } = repository;
  const lfsDir = join(commonDir, 'lfs');
  const config = renderPrivateConfig({ settings, objectFormat, lfsDir });
  await writeFileAtomic(join(folder, 'config'), config, { fs, random });
}

/** Paths as git writes them, and without a meaning beyond their letters. */
function escapePattern(path: string): string {
  return path
    .split(sep)
    .join('/')
    .replace(/[\\*?[\]!# ]/g, '\\$&');
}

function readIdentity(folder: string, { fs }: WorldPorts): Identity {
  try {
    const text = readIfThere(fs, join(folder, identityFile))?.toString('utf8') ?? '';
    const { name, email } = JSON.parse(text) as Partial<Identity>;
    return { name: name ?? fallbackIdentity.name, email: email ?? fallbackIdentity.email };
  } catch {
    return fallbackIdentity;
  }
}
