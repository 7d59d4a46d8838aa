import { symlinkSync } from 'node:fs';
import { join, posix } from 'node:path';

import { RlmError } from '../errors.js';
import type { WorldPorts } from '../loop/ports.js';
import { isFolder, isThere, removeTree } from './file-tree.js';
import { GitWorkspace, checkoutTimeoutMs } from './git-workspace.js';
import { readIsolationState, writeIsolationState } from './isolation-state.js';
import type { IsolationState } from './isolation-state.js';
import { lendModules } from './lend-modules.js';
import { openPrivateRepository } from './private-repository.js';
import type { PrivateRepository } from './private-repository.js';
import { ResultBranch, freeBranchName, isNameLike } from './result-branch.js';
import { seedIndex } from './seed-index.js';
import { SnapshotTaker } from './snapshot-taker.js';
import { TreeComparison } from './tree-comparison.js';
import { defaultMaxPatchBytes } from './workspace-options.js';
import type { RepositoryWork } from './workspace-options.js';
import type { Workspace } from './workspace.js';
import {
  addWorktree,
  findWorktree,
  readMark,
  removeWorktree,
  repairLink,
  writeMark,
} from './worktree.js';
import type { WorktreePlace } from './worktree.js';

/** Opens the worktree of a loop: the one that an earlier process made for it, or a new one. */
export async function openIsolatedWorkspace(
  work: RepositoryWork,
  ports: WorldPorts,
): Promise<Workspace> {
  const { options, repository, git, notes } = work;
  const { fs } = ports;
  const { root, scratchDir, worktreeDir, resumeTree = null } = options;
  const place = { folder: worktreeDir, commonDir: repository.commonDir, git, fs };
  const state = await findState(work, place, ports);
  const save = (next: IsolationState): Promise<void> =>
    writeIsolationState(scratchDir, next, ports);
  const modules = posix.join(repository.prefix, 'node_modules');
  const lendsModules = (await git(['check-ignore', '--quiet', 'node_modules'])).exitCode === 0;
  const ignoredPaths = [...work.ignoredPaths, ...(lendsModules ? [modules] : [])];
  const { admin, own } = await openWorktree(
    { ...work, ignoredPaths },
    { place, state, save },
    ports,
  );
  const folder = join(worktreeDir, repository.prefix);
  if (lendsModules) lendModules({ from: root, to: folder, link: makeLink, fs, notes });
  writeMark(admin, state.startCommit, fs);
  const { startCommit: baseTree } = state;
  const snapshots = new SnapshotTaker({
    ...own,
    top: worktreeDir,
    ignoredPaths,
    baseTree,
    fs,
    notes,
  });
  const result = new ResultBranch({
    privateGit: own.git,
    git,
    identity: own.identity,
    wanted: options.branch,
    state,
    save,
    nowMs: () => ports.clock.nowMs(),
  });
  const workspace = new GitWorkspace({
    folder,
    notes,
    snapshots,
    comparison: new TreeComparison(own.git, ports),
    startTree: `${state.startCommit}^{tree}`,
    maxPatchBytes: options.maxPatchBytes ?? defaultMaxPatchBytes,
    isolated: { result, remove: () => removeWorktree(place) },
  });
  if (resumeTree !== null) await workspace.restore(resumeTree);
  return workspace;
}

/** What is known of the loop from an earlier process, or what it begins with. */
async function findState(
  { options, repository, git, notes }: RepositoryWork,
  place: WorktreePlace,
  ports: WorldPorts,
): Promise<IsolationState> {
  const { root, scratchDir, worktreeDir, branch } = options;
  const admin = findWorktree(place);
  const read = readIsolationState(scratchDir, ports);
  // An agent may have named a branch of somebody else.
  const known = read && isNameLike(branch, read.branch) ? read : undefined;
  const marked = admin === undefined ? undefined : readMark(admin, ports.fs);
  const startCommit = known?.startCommit ?? marked ?? repository.head?.commit;
  if (startCommit === undefined) {
    throw new RlmError(
      'ISOLATION_UNAVAILABLE',
      `Cannot make a worktree of '${root}': nothing is committed`,
      {
        path: root,
      },
    );
  }
  notes.add(
    `The agent works in a worktree of ${startCommit.slice(0, 12)}: what is not committed in the repository is not in it.`,
  );
  if (known) return { ...known, worktree: worktreeDir };
  const isForeign = admin === undefined && isThere(ports.fs, worktreeDir);
  if (isForeign && ports.fs.readdir(worktreeDir).length > 0) {
    throw new RlmError(
      'ISOLATION_UNAVAILABLE',
      `Cannot make a worktree in '${worktreeDir}': there is something else`,
      {
        path: worktreeDir,
      },
    );
  }
  return {
    worktree: worktreeDir,
    startCommit,
    branch: await freeBranchName(git, branch),
    kept: [],
  };
}

interface WorktreePlan {
  readonly place: WorktreePlace;
  readonly state: IsolationState;
  readonly save: (state: IsolationState) => Promise<void>;
}

async function openWorktree(
  work: RepositoryWork,
  { place, state, save }: WorktreePlan,
  ports: WorldPorts,
): Promise<{ readonly admin: string; readonly own: PrivateRepository }> {
  const { options, notes } = work;
  const { folder, fs } = place;
  const known = findWorktree(place);
  const files = join(options.scratchDir, 'repository');
  if (known !== undefined && isFolder(fs, folder) && readMark(known, fs) !== undefined) {
    repairLink(folder, known, fs);
    // An agent can have told it to overlook changes.
    removeTree(fs, join(files, 'index'));
    notes.add('The worktree of an earlier attempt is used again.');
    return { admin: known, own: await openOwn(work, ports) };
  }
  await removeWorktree(place);
  await save(state);
  const admin = await addWorktree(place, state.startCommit);
  removeTree(fs, join(files, 'index'));
  const own = await openOwn(work, ports);
  const argv = ['read-tree', '--reset', '-u', state.startCommit];
  const { exitCode, complaint } = await own.git(argv, { timeoutMs: checkoutTimeoutMs });
  if (exitCode !== 0) {
    await removeWorktree(place);
    throw new RlmError(
      'ISOLATION_UNAVAILABLE',
      `Cannot check out ${state.startCommit} in '${folder}': ${complaint}`,
      {
        path: folder,
      },
    );
  }
  // The agent's own git finds its index as after any checkout.
  seedIndex(fs, own.indexPath, join(admin, 'index'));
  return { admin, own };
}

function openOwn(
  { options, repository, git, ignoredPaths }: RepositoryWork,
  ports: WorldPorts,
): Promise<PrivateRepository> {
  const { worktreeDir, scratchDir } = options;
  const folder = join(worktreeDir, repository.prefix);
  ports.fs.mkdir(folder, { recursive: true });
  return openPrivateRepository(
    {
      repository,
      folder: join(scratchDir, 'repository'),
      files: { top: worktreeDir, folder },
      ignoredPaths,
      git,
    },
    ports,
  );
}

function makeLink(target: string, path: string): void {
  // A junction, which Windows lets everybody make; elsewhere the word means nothing.
  symlinkSync(target, path, 'junction');
}
