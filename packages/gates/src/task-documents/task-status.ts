import { createEvidenceFollower } from '../evidence-check/gather-evidence.js';
import { judgeOne } from '../evidence-check/judge-evidence.js';
import type { Finding } from '../gate/finding.js';
import type { GatePorts, RecordedRun } from '../gate/gate-ports.js';
import { readLastReview } from '../spec-guard/last-review.js';
import { parseChecklist } from '../tasks/checklist.js';
import type { Checklist } from '../tasks/checklist.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import { judgeRecord, shownPath } from '../tasks/recorded-runs.js';
import { readTaskIndex } from '../tasks/task-index.js';
import type { TaskItem } from '../tasks/task-index.js';
import { findRegisteredTask, runsOfTask } from './find-registered-task.js';

/** How far a task is, by its checklist. */
export interface TaskSummary {
  readonly task: TaskItem;
  /** Null where there is no checklist that can be read; `problem` then says why. */
  readonly items: { readonly done: number; readonly total: number } | null;
  readonly problem: string | null;
}

/** How far a task is, and what of that holds. */
export interface TaskStatus extends TaskSummary {
  /** Items that are open, in the order of the checklist. */
  readonly open: readonly {
    readonly number: number;
    readonly line: number;
    readonly text: string;
  }[];
  readonly spec: TaskSpec;
  readonly evidence: {
    readonly good: number;
    /** Each link that does not hold, those of open items too. */
    readonly bad: readonly Finding[];
  };
  /** Of the task or of one of its subagents; null without any. */
  readonly latestRun: LatestRun | null;
}

export interface TaskSpec {
  readonly path: string;
  /** `YYYY-MM-DD`; null without a spec, or in one that does not say. */
  readonly lastReview: string | null;
  /** Whole days since then; null where that is not known. */
  readonly ageDays: number | null;
}

export interface LatestRun {
  readonly taskId: string;
  readonly runId: string;
  /** Path of the manifest. */
  readonly path: string;
  /** Null where its record cannot be believed; `problem` then says why. */
  readonly run: RecordedRun | null;
  readonly problem: string | null;
}

/**
 * All registered tasks with how far they are; none without an index. No run is looked at.
 *
 * @throws GateError `INVALID_FILE` for an index that cannot be used
 */
export function listTasks(ports: Pick<GatePorts, 'fs' | 'root'>): TaskSummary[] {
  return (readTaskIndex(ports)?.items ?? []).map((task) => read(ports, task).summary);
}

/**
 * One task: what is done and open, how old its spec is, which evidence holds, and its latest run.
 *
 * @param name Key, id or slug.
 * @throws GateError `TASK_NOT_FOUND`; `INVALID_FILE`
 */
export async function taskStatus(ports: GatePorts, name: string): Promise<TaskStatus> {
  const registered = findRegisteredTask(ports, name);
  const { task } = registered;
  const { summary, text, checklist } = read(ports, task);
  const evidence = await createEvidenceFollower(ports).follow(text, task.checklistPath);
  const bad = evidence.map(judgeOne).filter((finding) => finding !== undefined);
  return {
    ...summary,
    open: checklist.items
      .filter(({ isDone }) => !isDone)
      .map(({ number, line, text: words }) => ({ number, line, text: words })),
    spec: readSpec(ports, `tasks/specs/${task.key}.md`),
    evidence: { good: evidence.length - bad.length, bad },
    latestRun: await latestRunOf(ports, runsOfTask(ports, registered)),
  };
}

interface ReadChecklist {
  readonly summary: TaskSummary;
  readonly text: string;
  readonly checklist: Checklist;
}

function read(ports: Pick<GatePorts, 'fs' | 'root'>, task: TaskItem): ReadChecklist {
  const reading = readFileInside(ports, task.checklistPath);
  const text = reading.kind === 'read' ? reading.bytes.toString('utf8') : '';
  const checklist = parseChecklist(text);
  if (reading.kind !== 'read') {
    const problem = `Cannot read ${task.checklistPath}: ${describeUnread(reading)}`;
    return { summary: { task, items: null, problem }, text, checklist };
  }
  const done = checklist.items.filter(({ isDone }) => isDone).length;
  const items = { done, total: checklist.items.length };
  return { summary: { task, items, problem: null }, text, checklist };
}

function readSpec(ports: GatePorts, path: string): TaskSpec {
  const reading = readFileInside(ports, path);
  const text = reading.kind === 'read' ? reading.bytes.toString('utf8') : '';
  const review = readLastReview(text, ports.clock.nowMs());
  if (review.kind !== 'date') return { path, lastReview: null, ageDays: null };
  return { path, lastReview: review.text, ageDays: Math.max(0, review.ageDays) };
}

async function latestRunOf(
  ports: GatePorts,
  places: ReturnType<typeof runsOfTask>,
): Promise<LatestRun | null> {
  const [place] = places;
  if (place === undefined) return null;
  const verdict = await judgeRecord(ports, place);
  return {
    taskId: place.task,
    runId: place.run,
    path: shownPath(ports.root, place.manifestPath),
    run: verdict.kind === 'believed' ? verdict.run : null,
    problem: verdict.kind === 'believed' ? null : verdict.reason,
  };
}
