import type { GatePorts } from '../gate/gate-ports.js';
import { judgeRecord, listRunPlaces, listRunTasks, shownPath } from '../tasks/recorded-runs.js';
import { keyFor } from '../tasks/task-key.js';

/** What was found of a task's subagents. */
export interface SubagentRuns {
  /** Runs that can be believed and succeeded; not more than were asked for are looked for. */
  readonly succeeded: readonly string[];
  /** Runs that were looked at and count for nothing. */
  readonly rejected: readonly RejectedRun[];
  /** Whether there are runs that nobody looked at because too many before them counted for nothing. */
  readonly isCut: boolean;
}

export interface RejectedRun {
  /** Path of the manifest. */
  readonly path: string;
  readonly rule: 'subagent-run-unsuccessful' | 'subagent-run-unverified';
  readonly reason: string;
}

/** Judging a run reads all that it left. */
const maxJudged = 200;

/**
 * Looks for runs of a task's subagents, the newest first, until there are enough. A folder whose name begins
 * with the key of a longer task belongs to that one.
 *
 * @throws GateError `INVALID_FILE` where the folder of runs cannot be listed
 */
export async function findSubagentRuns(
  ports: GatePorts,
  task: { readonly key: string; readonly keys: ReadonlySet<string>; readonly minRuns: number },
): Promise<SubagentRuns> {
  const { key, keys, minRuns } = task;
  const folders = listRunTasks(ports).filter(
    (name) => name.startsWith(`${key}-`) && keyFor(name, keys) === key,
  );
  const places = listRunPlaces(ports, folders);
  const succeeded: string[] = [];
  const rejected: RejectedRun[] = [];
  for (const place of places.slice(0, maxJudged)) {
    if (succeeded.length >= minRuns) break;
    const verdict = await judgeRecord(ports, place);
    const path = shownPath(ports.root, place.manifestPath);
    if (verdict.kind === 'unverified') {
      rejected.push({ path, rule: 'subagent-run-unverified', reason: verdict.reason });
    } else if (verdict.run.status !== 'succeeded') {
      const reason = `its status is ${verdict.run.status}`;
      rejected.push({ path, rule: 'subagent-run-unsuccessful', reason });
    } else {
      succeeded.push(path);
    }
  }
  const isCut = succeeded.length < minRuns && places.length > maxJudged;
  return { succeeded, rejected, isCut };
}
