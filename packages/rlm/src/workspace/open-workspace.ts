import { join } from 'node:path';

import { RlmError } from '../errors.js';
import type { WorldPorts } from '../loop/ports.js';
import { findRepository } from './find-repository.js';
import type { Repository } from './find-repository.js';
import { isThere, removeTree } from './file-tree.js';
import { createGit } from '@codex-orchestrator/exec';
import type { Git } from '@codex-orchestrator/exec';
import { GitWorkspace } from './git-workspace.js';
import { ignoredFromTop } from './ignored-paths.js';
import { NoteList } from './note-list.js';
import { openIsolatedWorkspace } from './open-isolated-workspace.js';
import { plainWorkspace } from './plain-workspace.js';
import { openPrivateRepository } from './private-repository.js';
import { seedIndex } from './seed-index.js';
import { SnapshotTaker } from './snapshot-taker.js';
import { TreeComparison } from './tree-comparison.js';
import { defaultMaxPatchBytes } from './workspace-options.js';
import type { RepositoryWork, WorkspaceOptions } from './workspace-options.js';
import type { Workspace } from './workspace.js';

/**
 * Opens the folder that a loop works in: the root itself, or a git worktree of its own.
 *
 * Snapshots are trees in the object store of the repository that no commit leads to; git throws them away
 * as it does everything of the kind, after two weeks. Index, HEAD, configuration and files of the
 * repository are not touched. `scratchDir` gets a private repository with the index of the snapshots
 * (`repository/`) and, with a worktree, `isolation.json`, by which the next process finds what a killed
 * one left.
 *
 * Nothing that an agent writes into the repository's configuration or hooks is executed. What remains are
 * filters that were configured before the loop began (git-lfs is one): they run as they do for every
 * `git add`, and where such a program is a file of the repository, an agent can change it.
 *
 * Where git does not work (no repository, a bare one, one of another owner, no program), a workspace of
 * the kind `plain` says so in its notes.
 *
 * @throws RlmError `ISOLATION_UNAVAILABLE` where there can be no worktree; `RESTORE_FAILED`; `GIT_FAILED`
 */
export async function openWorkspace(
  options: WorkspaceOptions,
  ports: WorldPorts,
): Promise<Workspace> {
  const { root, isolation, scratchDir } = options;
  const { environment, signal, fs } = ports;
  const git = createGit({ folder: root, environment, signal });
  const found = await findRepository(root, git);
  const why = found.ok ? await whyIgnored(found.value, git) : found.error;
  if (!found.ok || why !== undefined) {
    if (isolation === 'none') return plainWorkspace(root, why ?? '', ports);
    throw new RlmError(
      'ISOLATION_UNAVAILABLE',
      `Cannot make a worktree of '${root}': ${why ?? ''}`,
      {
        path: root,
      },
    );
  }
  fs.mkdir(scratchDir, { recursive: true });
  const repository = found.value;
  const ignoredPaths = ignoredFromTop(options, repository, fs);
  const work = { options, repository, git, notes: new NoteList(), ignoredPaths };
  return isolation === 'none' ? openInPlace(work, ports) : openIsolatedWorkspace(work, ports);
}

/** Git tells nothing about what it ignores as a whole. */
async function whyIgnored({ prefix }: Repository, git: Git): Promise<string | undefined> {
  if (prefix === '') return undefined;
  const { exitCode } = await git(['check-ignore', '--quiet', '.']);
  return exitCode === 0 ? 'its repository ignores the folder.' : undefined;
}

async function openInPlace(work: RepositoryWork, ports: WorldPorts): Promise<Workspace> {
  const { options, repository, git, notes, ignoredPaths } = work;
  const { root, scratchDir, resumeTree = null, maxPatchBytes = defaultMaxPatchBytes } = options;
  const { top, indexPath, prefix } = repository;
  const own = await openPrivateRepository(
    {
      repository,
      folder: join(scratchDir, 'repository'),
      files: { top, folder: root },
      ignoredPaths,
      git,
    },
    ports,
  );
  // An agent of an earlier attempt can have told an index to overlook changes, this one too.
  if (resumeTree !== null) removeTree(ports.fs, own.indexPath);
  if (!isThere(ports.fs, own.indexPath)) {
    const answer = resumeTree === null ? undefined : await own.git(['read-tree', resumeTree]);
    if (answer?.exitCode !== 0) seedIndex(ports.fs, indexPath, own.indexPath);
  }
  if (prefix !== '') notes.add(`Only what is below '${prefix}' of the repository is looked at.`);
  const baseTree = resumeTree ?? repository.head?.tree ?? null;
  const { fs } = ports;
  return new GitWorkspace({
    folder: root,
    notes,
    snapshots: new SnapshotTaker({ ...own, top, ignoredPaths, baseTree, fs, notes }),
    comparison: new TreeComparison(own.git, ports),
    startTree: repository.head?.tree ?? emptyTree(repository),
    maxPatchBytes,
    isolated: undefined,
  });
}

/** Git knows it without having it. */
function emptyTree({ objectFormat }: Repository): string {
  return objectFormat === 'sha256'
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}
