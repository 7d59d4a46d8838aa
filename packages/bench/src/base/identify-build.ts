import type { BuildIdentity } from '../results/result.js';
import { buildHash } from '../slot/build-hash.js';
import { findPackageFolders } from '../slot/package-folders.js';
import { askGit, createGit } from './git.js';
import type { Variables } from './git.js';

export interface IdentifyBuildOptions {
  /** Folder laid out as a workspace, with built packages. */
  readonly root: string;
  readonly project: string;
  /** @default root */
  readonly externalsRoot?: string;
}

/**
 * SHA-256 over all that a project can reach of a build.
 *
 * @throws BenchError `PROJECT_NOT_FOUND`, `BUILD_MISSING`
 */
export async function hashBuild({
  root,
  project,
  externalsRoot = root,
}: IdentifyBuildOptions): Promise<string> {
  return buildHash(await findPackageFolders(root, project), externalsRoot);
}

/** What the files at hand are: commit, whether they differ from it, and their build. */
export async function identifyWorkspace(
  root: string,
  hash: string,
  env: Variables,
): Promise<BuildIdentity> {
  const git = createGit(root, env);
  try {
    const commit = await askGit(git, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
    const changed = await askGit(git, 'status', '--porcelain');
    return { commit: commit ?? null, dirty: changed !== undefined, buildHash: hash };
  } catch {
    // Without git nothing is known of commits.
    return { commit: null, dirty: false, buildHash: hash };
  }
}
