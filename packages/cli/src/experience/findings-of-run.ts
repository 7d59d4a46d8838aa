import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import { nodeFileSystem, readFile } from '@codex-orchestrator/core';
import type { Manifest, RunLayout } from '@codex-orchestrator/manifest';

/** Of one run; whoever reports more has told of everything and of nothing. */
const maxFindings = 10;
const maxFileBytes = 4 * 1024 * 1024;

/**
 * What the hotspots teach that an agent loop reported, one lesson each; nothing for a run without such a
 * loop, or whose file cannot be read.
 */
export async function lessonsOfFindings(
  { commands }: Manifest,
  { runDir }: Pick<RunLayout, 'runDir'>,
): Promise<readonly string[]> {
  if (!commands.some(({ loop }) => loop != null && loop.findings > 0)) return [];
  const value = readJson(join(runDir, 'rlm', 'findings.json'));
  if (value === undefined) return [];
  const { lessonOfFinding, parseFindings } = await import('@codex-orchestrator/rlm');
  const parsed = parseFindings(value);
  return parsed.ok ? parsed.value.findings.slice(0, maxFindings).map(lessonOfFinding) : [];
}

function readJson(path: string): unknown {
  try {
    if (!lstatSync(path).isFile()) return undefined;
    return JSON.parse(readFile(nodeFileSystem, path, maxFileBytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
