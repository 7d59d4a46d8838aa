import { execFileSync } from 'node:child_process';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import type { WorldPorts } from '../../src/loop/ports.js';
import { openWorkspace } from '../../src/workspace/open-workspace.js';
import type { WorkspaceOptions } from '../../src/workspace/workspace-options.js';
import type { Workspace } from '../../src/workspace/workspace.js';

/** A folder with a repository `repo/`, a loop's folders, and a home of its own. */
export interface RepositoryRig extends Rig {
  /** Runs git as a person or an agent would, in `repo/` or in a folder below the rig. */
  git(argv: readonly string[], folder?: string): string;
  ports(changes?: Partial<WorldPorts>): WorldPorts;
  open(changes?: Partial<WorkspaceOptions>, ports?: Partial<WorldPorts>): Promise<Workspace>;
}

export interface RepositoryRigOptions {
  /** Files of the first commit, relative to `repo/`; null for a repository without a commit. */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | null;
}

export async function createRepositoryRig({
  files = { 'a.txt': 'one\n' },
}: RepositoryRigOptions = {}): Promise<RepositoryRig> {
  const rig = await createRig('workspace-');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: rig.path('home'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const git: RepositoryRig['git'] = (argv, folder = 'repo') =>
    execFileSync('git', ['-c', 'protocol.file.allow=always', ...argv], {
      cwd: rig.path(folder),
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const ports: RepositoryRig['ports'] = (changes) => ({
    runProcess: runCommand,
    environment,
    signal: new AbortController().signal,
    redact: (text) => text,
    fs: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    ...changes,
  });
  await rig.write({
    'home/.gitconfig':
      '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n',
  });
  git(['init', '-q', '--template=', 'repo'], '.');
  for (const [path, content] of Object.entries(files ?? {})) {
    await rig.write({ [`repo/${path}`]: content });
  }
  if (files) {
    git(['add', '-A', '-f']);
    git(['commit', '-q', '-m', 'first']);
  }
  return {
    ...rig,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
    git,
    ports,
    open: (changes, portChanges) =>
      openWorkspace(
        {
          root: rig.path('repo'),
          isolation: 'none',
          scratchDir: rig.path('scratch'),
          worktreeDir: rig.path('scratch/worktree'),
          branch: 'rlm/run-1',
          ignoredPaths: ['.runs', 'out'],
          ...changes,
        },
        ports(portChanges),
      ),
  };
}

/** What is in a tree, as lines of mode and path. */
export function listTree(rig: RepositoryRig, tree: string | null): string[] {
  if (tree === null) throw new Error('there is no snapshot');
  return rig
    .git(['ls-tree', '-r', '-z', tree])
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => `${line.slice(0, 6)} ${line.slice(line.indexOf('\t') + 1)}`);
}
