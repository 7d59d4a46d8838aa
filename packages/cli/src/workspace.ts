import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { readString } from '@codex-orchestrator/core';

import { builtinPipelineIds } from './builtin-pipelines/builtin-config.js';
import { CliError } from './errors.js';
import { readGitEntry } from './git-entry.js';
import type { Io } from './io.js';

/** Where this call works: every path absolute. */
export interface Workspace {
  readonly root: string;
  /** Why this folder is the root. */
  readonly foundBy: 'CODEX_ORCHESTRATOR_ROOT' | 'codex.orchestrator.json' | '.git' | 'cwd';
  readonly configPath: string;
  /** Whether CODEX_ORCHESTRATOR_REPO_CONFIG_PATH names the configuration; it then has to be there. */
  readonly isConfigNamed: boolean;
  readonly runsDir: string;
  readonly outDir: string;
}

/** What the configuration of a repository is called. */
export const configName = 'codex.orchestrator.json';

const configVariable = 'CODEX_ORCHESTRATOR_REPO_CONFIG_PATH';

/**
 * Finds the root: CODEX_ORCHESTRATOR_ROOT, else the nearest folder upwards with a
 * codex.orchestrator.json, else the nearest with a .git that git would take, else the current one.
 *
 * @throws CliError `NO_WORKSPACE` when the variable names no folder
 */
export function findWorkspace({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Workspace {
  const { root, foundBy } = findRoot(readString(env, 'CODEX_ORCHESTRATOR_ROOT', undefined), cwd);
  const under = (name: string, path: string): string => resolve(root, readString(env, name, path));
  return {
    root,
    foundBy,
    configPath: under(configVariable, configName),
    isConfigNamed: readString(env, configVariable, undefined) !== undefined,
    runsDir: under('CODEX_ORCHESTRATOR_RUNS_DIR', '.runs'),
    outDir: under('CODEX_ORCHESTRATOR_OUT_DIR', 'out'),
  };
}

function findRoot(named: string | undefined, cwd: string): Pick<Workspace, 'root' | 'foundBy'> {
  if (named !== undefined) {
    return { root: requireFolder(resolve(cwd, named)), foundBy: 'CODEX_ORCHESTRATOR_ROOT' };
  }
  const withConfig = nearestAncestor(cwd, (folder) => existsSync(join(folder, configName)));
  if (withConfig !== undefined) return { root: withConfig, foundBy: configName };
  const withGit = nearestAncestor(cwd, (folder) => readGitEntry(folder) !== undefined);
  if (withGit !== undefined) return { root: withGit, foundBy: '.git' };
  return { root: cwd, foundBy: 'cwd' };
}

function requireFolder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new CliError('NO_WORKSPACE', `CODEX_ORCHESTRATOR_ROOT names no folder: \`${path}\``);
}

function nearestAncestor(start: string, isIt: (folder: string) => boolean): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isIt(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The error for a repository without a configuration, with the way out. */
export function missingConfig(workspace: Workspace): CliError {
  return new CliError('CONFIG_NOT_FOUND', `Found no ${configName} in \`${workspace.root}\``, {
    hint: `Write one with \`codex-orchestrator init\`, or start a built-in pipeline: ${builtinPipelineIds.join(', ')}`,
    details: { path: workspace.configPath },
  });
}
