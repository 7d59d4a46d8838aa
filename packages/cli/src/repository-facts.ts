import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from './errors.js';
import type { RepositoryFacts } from './starter-config.js';

const schemaPath =
  'node_modules/@codex-orchestrator/pipeline/schema/codex.orchestrator.schema.json';

const lockFiles = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
] as const;

/**
 * Looks at a repository without running anything of it.
 *
 * @throws CliError `INVALID_PACKAGE_JSON` when package.json is there but is no JSON
 */
export function readRepositoryFacts(root: string): RepositoryFacts {
  const has = (name: string): boolean => existsSync(join(root, name));
  return {
    scripts: readScripts(join(root, 'package.json')),
    packageManager: lockFiles.find(([name]) => has(name))?.[1] ?? 'npm',
    schema: has(schemaPath) ? `./${schemaPath}` : undefined,
  };
}

function readScripts(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  const { scripts } = parseObject(path);
  if (typeof scripts !== 'object' || scripts === null) return {};
  const texts = Object.entries(scripts).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string';
  });
  return Object.fromEntries(texts);
}

function parseObject(path: string): Record<string, unknown> {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CliError('INVALID_PACKAGE_JSON', `\`${path}\` is not valid JSON: ${cause.message}`, {
      cause,
      details: { path },
    });
  }
}
