import { join } from 'node:path';

import { GateError } from '../errors.js';
import type { GatePorts, RecordedRun } from '../gate/gate-ports.js';
import { parseChecklist } from '../tasks/checklist.js';
import type { Checklist, ChecklistItem } from '../tasks/checklist.js';
import { judgeRecord, listRunPlaces, placeOf, shownPath } from '../tasks/recorded-runs.js';
import type { RunPlace } from '../tasks/recorded-runs.js';
import type { TaskItem } from '../tasks/task-index.js';
import { readText } from '../text-files/read-text.js';
import { writeText } from '../text-files/write-text.js';
import { findRegisteredTask, runsOfTask } from './find-registered-task.js';
import { setEvidenceBlock, withoutMarks } from './managed-block.js';
import { renderRunTable } from './run-table.js';
import { setItemEvidence } from './set-item-evidence.js';

/** Which run shows what. */
export interface TaskEvidence {
  /** Key, id or slug. */
  readonly task: string;
  /** The run, by the names of its folders in the folder of runs. */
  readonly run: { readonly task: string; readonly run: string };
  /** Number of the item, from 1. @default the item that links the run already, else the first open one */
  readonly item?: number;
}

export interface AddedEvidence {
  readonly key: string;
  readonly run: RecordedRun;
  /** Run that it is compared with; null without one. */
  readonly before: RecordedRun | null;
  readonly item: { readonly number: number; readonly line: number; readonly text: string };
  /** Whether the item is ticked now. */
  readonly isDone: boolean;
  /** The document with the numbers; null where the task has none. */
  readonly document: string | null;
  /** Files that were changed, relative to the root; none where all was as it should be. */
  readonly written: readonly string[];
}

/**
 * Links a run as evidence of an item of a task's checklist, and puts its numbers beside those of the run before
 * into the action plan, or else the PRD. The item is ticked where the run succeeded; another end is
 * stated behind the link. The same call again changes nothing.
 *
 * @throws GateError `TASK_NOT_FOUND`; `INVALID_OPTION` for a run whose record cannot be believed, an item that is
 * not there, or a checklist without an open one; `INVALID_FILE` for a document that cannot be used;
 * `WRITE_FAILED`.
 */
export async function addTaskEvidence(
  ports: GatePorts,
  evidence: TaskEvidence,
): Promise<AddedEvidence> {
  const registered = findRegisteredTask(ports, evidence.task);
  const { task } = registered;
  const place = placeOf(ports.runsDir, evidence.run.task, evidence.run.run);
  const run = await believe(ports, place);
  const target = shownPath(ports.root, place.manifestPath);
  const old = requireText(ports, task.checklistPath);
  const item = chooseItem(parseChecklist(old), target, evidence.item, task.checklistPath);
  const before = await runBefore(ports, { place, run, others: runsOfTask(ports, registered) });
  const checklist = setItemEvidence(old, item, { target, status: run.status });
  const numbers = renumber(ports, task, { run, before });
  const written: string[] = [];
  // The checklist is the last: a link stands for all that belongs to it.
  for (const change of [
    ...(numbers ? [numbers] : []),
    { path: task.checklistPath, old, text: checklist },
  ]) {
    if (change.text === change.old) continue;
    await writeText(ports, { root: ports.root, path: change.path }, change.text);
    written.push(change.path);
  }
  const { number, line, text } = item;
  return {
    ...{ key: task.key, run, before, item: { number, line, text } },
    isDone: item.isDone || run.status === 'succeeded',
    ...{ document: numbers?.path ?? null, written },
  };
}

async function believe(ports: GatePorts, place: RunPlace): Promise<RecordedRun> {
  const verdict = await judgeRecord(ports, place);
  if (verdict.kind === 'believed') return verdict.run;
  const message = `Cannot give the run ${place.run} as evidence: ${verdict.reason}`;
  const hint = `codex-orchestrator verify --run ${place.run}`;
  throw new GateError('INVALID_OPTION', message, { hint });
}

function chooseItem(
  { items }: Checklist,
  target: string,
  wanted: number | undefined,
  path: string,
): ChecklistItem {
  const links = (item: ChecklistItem): boolean =>
    item.evidence.some((link) => link.target === target);
  const chosen =
    wanted === undefined
      ? (items.find(links) ?? items.find(({ isDone }) => !isDone))
      : items[wanted - 1];
  if (chosen) return chosen;
  const message =
    wanted === undefined
      ? `${path} has no open item`
      : `${path} has no item ${wanted}, but ${items.length} of them`;
  throw new GateError('INVALID_OPTION', message, { hint: 'Name an item with --item' });
}

interface Comparison {
  readonly run: RecordedRun;
  readonly before: RecordedRun | null;
}

/** Judging a run reads all that it left. */
const maxJudged = 50;

/** The newest run before this one that succeeded on the same pipeline, among those of both tasks. */
async function runBefore(
  ports: GatePorts,
  { place, run, others }: { place: RunPlace; run: RecordedRun; others: readonly RunPlace[] },
): Promise<RecordedRun | null> {
  const all = [
    ...listRunPlaces(ports, [place.task]),
    ...others.filter(({ task }) => task !== place.task),
  ];
  const older = all
    .filter((other) => other.run < place.run)
    .sort((one, other) => (one.run < other.run ? 1 : -1));
  for (const other of older.slice(0, maxJudged)) {
    const verdict = await judgeRecord(ports, other);
    if (verdict.kind !== 'believed' || verdict.run.status !== 'succeeded') continue;
    if (verdict.run.pipelineId === run.pipelineId) return verdict.run;
  }
  return null;
}

interface Change {
  readonly path: string;
  readonly old: string;
  readonly text: string;
}

/** The first document of the task that is there, with its numbers brought up to date. */
function renumber(
  ports: GatePorts,
  { key, slug }: TaskItem,
  comparison: Comparison,
): Change | undefined {
  const names = [...new Set([slug ?? key, key])];
  const paths = ['ACTION_PLAN', 'PRD'].flatMap((kind) =>
    names.map((name) => `docs/${kind}-${name}.md`),
  );
  for (const path of paths) {
    const reading = readText(ports, path);
    if (reading.kind === 'missing') continue;
    if (reading.kind === 'unusable') throw unusable(path, reading.reason);
    const content = numbersOf(ports, key, comparison);
    return { path, old: reading.text, text: setEvidenceBlock(reading.text, content, path) };
  }
  return undefined;
}

const maxReportBytes = 64 * 1024;

/** What was measured side by side says more than two runs do. */
function numbersOf(ports: GatePorts, key: string, { run, before }: Comparison): string {
  const table = renderRunTable(run, before);
  for (const task of new Set([key, run.taskId])) {
    const path = join(task, 'evidence', 'report.md');
    const reading = readText({ root: ports.outDir, fs: ports.fs }, path, maxReportBytes);
    if (reading.kind !== 'text') continue;
    const report = withoutMarks(reading.text).replace(/^#{1,4} /gm, '##$&');
    return `${table}\n\nFrom \`${shownPath(ports.root, join(ports.outDir, path))}\`:\n\n${report}`;
  }
  return table;
}

function requireText(ports: GatePorts, path: string): string {
  const reading = readText(ports, path);
  if (reading.kind === 'text') return reading.text;
  throw unusable(path, reading.kind === 'missing' ? 'it is not there' : reading.reason);
}

function unusable(path: string, reason: string): GateError {
  return new GateError('INVALID_FILE', `Cannot use ${path}: ${reason}`);
}
