import { relative, sep } from 'node:path';

import type { GatePorts } from '../gate/gate-ports.js';

export interface DiffBudget {
  readonly maxFiles: number;
  /** Added and deleted lines together. */
  readonly maxLines: number;
  readonly maxUntrackedBytes: number;
  /** Globs of files that do not count. */
  readonly ignore: readonly string[];
}

/** The budget of the settings, with defaults for what they leave out. */
export function diffBudgetOf({ settings, root, runsDir, outDir }: GatePorts): DiffBudget {
  const section = settings['diff-budget'] ?? {};
  const {
    maxFiles = 25,
    maxLines = 800,
    maxUntrackedBytes = 1024 * 1024,
    ignore = defaultIgnore,
  } = section;
  return {
    maxFiles,
    maxLines,
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
