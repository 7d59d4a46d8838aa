import type { Manifest } from '@codex-orchestrator/manifest';

import type { Workspace } from '../workspace.js';
import { createExperienceLayout, holdsRun } from './experience-store.js';

/**
 * Whether the log holds a record or a note of this attempt of a run. Looks through all of the log, which
 * nobody does for a run of their own.
 *
 * @throws ExperienceError `STORE_UNREADABLE`
 */
export function isRecorded(
  end: Manifest,
  { runsDir, outDir }: Pick<Workspace, 'outDir' | 'runsDir'>,
): Promise<boolean> {
  const layout = createExperienceLayout({ taskId: end.task_id, runsDir, outDir });
  return holdsRun(layout, { runId: end.run_id, since: attemptStart(end) });
}

/** Lines of an earlier attempt are older. */
function attemptStart({ started_at, resume_events: resumes }: Manifest): string {
  return resumes.findLast(({ outcome }) => outcome === 'accepted')?.timestamp ?? started_at;
}
