import { relative, sep } from 'node:path';

import { readInteger } from '@codex-orchestrator/core';

import type { GatePorts } from '../gate/gate-ports.js';

export interface DiffBudget {
  readonly maxFiles: number;
  /** Added and deleted lines together. */
  readonly maxLines: number;
  readonly maxUntrackedBytes: number;
  /** Globs of files that do not count. */
  readonly ignore: readonly string[];
}

/**
 * The budget of `DIFF_BUDGET_MAX_FILES` and `DIFF_BUDGET_MAX_LINES`, then of the settings, with defaults for
 * what they leave out.
 *
 * @throws CoreError `INVALID_ENVIRONMENT` where one of the variables is no whole number
 */
export function diffBudgetOf(ports: GatePorts): DiffBudget {
  const { environment, settings, root, runsDir, outDir } = ports;
  const section = settings['diff-budget'] ?? {};
  const {
    maxFiles = 25,
    maxLines = 800,
    maxUntrackedBytes = 1024 * 1024,
    ignore = defaultIgnore,
  } = section;
  return {
    maxFiles: readInteger(environment, 'DIFF_BUDGET_MAX_FILES', maxFiles, { min: 0 }),
    maxLines: readInteger(environment, 'DIFF_BUDGET_MAX_LINES', maxLines, { min: 0 }),
    maxUntrackedBytes,
    ignore: [...ignore, ...below(root, runsDir), ...below(root, outDir)],
  };
}

/** What is recorded, built or installed, and what a package manager writes: nobody reviews those line by line. */
export const defaultIgnore: readonly string[] = [
  '.runs/**',
  'archives/**',
  'dist/**',
  'out/**',
  '**/node_modules/**',
  ...[
    'bun.lock',
    'bun.lockb',
    'Cargo.lock',
    'composer.lock',
    'deno.lock',
    'Gemfile.lock',
    'go.sum',
    'gradle.lockfile',
    'npm-shrinkwrap.json',
    'package-lock.json',
    'Pipfile.lock',
    'pnpm-lock.yaml',
    'poetry.lock',
    'uv.lock',
    'yarn.lock',
  ].map((name) => `**/${name}`),
];

/** A glob for a folder where it lies in the root, with what a name can hold that means something in a glob. */
function below(root: string, folder: string): readonly string[] {
  const path = relative(root, folder).split(sep).join('/');
  const isInside = path !== '' && path !== '..' && !path.startsWith('../');
  return isInside ? [`${path.replaceAll(/[\\*?[\](){}!+@|]/g, '\\$&')}/**`] : [];
}
