import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import { nodeFileSystem, readFile } from '@codex-orchestrator/core';
import type { Manifest, RunLayout } from '@codex-orchestrator/manifest';

import type { Workspace } from '../workspace.js';
import { createExperienceLayout, listRecords } from './experience-store.js';

/** Of one run; whoever reports more has told of everything and of nothing. */
const maxFindings = 10;
/** More than all attempts of a run leave. */
const maxRecords = 1000;
const maxFileBytes = 4 * 1024 * 1024;

/**
 * What the hotspots teach that an agent loop reported, one lesson each, without what an earlier attempt
 * has recorded; nothing for a run without such a loop, or whose file cannot be read.
 *
 * @throws ExperienceError `STORE_UNREADABLE`
 */
export async function lessonsOfFindings(
  end: Manifest,
  { runDir }: Pick<RunLayout, 'runDir'>,
  workspace: Pick<Workspace, 'outDir' | 'runsDir'>,
): Promise<readonly string[]> {
  const { commands } = end;
  if (!commands.some(({ loop }) => loop != null && loop.findings > 0)) return [];
  const value = readJson(join(runDir, 'rlm', 'findings.json'));
  if (value === undefined) return [];
  const { lessonOfFinding, parseFindings } = await import('../loop-library.js');
  const parsed = parseFindings(value);
  if (!parsed.ok) return [];
  const lessons = parsed.value.findings.slice(0, maxFindings).map(lessonOfFinding);
  return end.attempt === 1 ? lessons : withoutRecorded(lessons, end, workspace);
}

/** A loop that goes on reports again what it found in earlier attempts of its run. */
async function withoutRecorded(
  lessons: readonly string[],
  { run_id: runId, task_id: taskId }: Manifest,
  { outDir, runsDir }: Pick<Workspace, 'outDir' | 'runsDir'>,
): Promise<readonly string[]> {
  const layout = createExperienceLayout({ taskId, runsDir, outDir });
  const { records } = await listRecords(layout, { runId, limit: maxRecords });
  const said = records.map(({ summary32 }) => summary32.replace(/…$/, ''));
  return lessons.filter((lesson) => !said.some((words) => lesson.startsWith(words)));
}

function readJson(path: string): unknown {
  try {
    if (!lstatSync(path).isFile()) return undefined;
    return JSON.parse(readFile(nodeFileSystem, path, maxFileBytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
