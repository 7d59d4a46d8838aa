import { existsSync } from 'node:fs';

import { visitLines } from '@codex-orchestrator/core';
import type { Manifest } from '@codex-orchestrator/manifest';

import type { Workspace } from '../workspace.js';
import { createExperienceLayout } from './experience-store.js';

/**
 * Whether the log holds a record or a note of this attempt of a run. Looks through all of the log, which
 * nobody does for a run of their own.
 *
 * @throws the errno errors of the file system
 */
export async function isRecorded(
  end: Manifest,
  { runsDir, outDir }: Pick<Workspace, 'outDir' | 'runsDir'>,
): Promise<boolean> {
  const { logPath } = createExperienceLayout({ taskId: end.task_id, runsDir, outDir });
  if (!existsSync(logPath)) return false;
  const named = Buffer.from(JSON.stringify(end.run_id));
  const since = attemptStart(end);
  let isThere = false;
  await visitLines(logPath, ({ bytes, text }) => {
    if (isThere || !bytes.includes(named)) return;
    isThere = isOfRun(text, end.run_id, since);
  });
  return isThere;
}

/** Lines of an earlier attempt are older. */
function attemptStart({ started_at, resume_events: resumes }: Manifest): string {
  return resumes.findLast(({ outcome }) => outcome === 'accepted')?.timestamp ?? started_at;
}

function isOfRun(line: string, id: string, since: string): boolean {
  try {
    const { runId, createdAt, note } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const isEnd = note === undefined || note === 'outcome' || note === 'seen';
    return isEnd && runId === id && typeof createdAt === 'string' && createdAt >= since;
  } catch {
    return false;
  }
}
