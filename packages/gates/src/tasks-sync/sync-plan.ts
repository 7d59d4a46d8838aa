import type { Finding } from '../gate/finding.js';
import type { TaskItem } from '../tasks/task-index.js';
import type { TextReading } from '../text-files/read-text.js';
import { readChecklistBody } from './checklist-body.js';
import { lineBreakOf, withBreaks, withPlainBreaks } from './line-breaks.js';
import type { BlockChange, DamagedBlock, ManagedBlock } from './managed-blocks.js';
import { renderBlock, renderMirror } from './render-task.js';

/** What is known of one task whose checklist is there. */
export interface TaskFacts {
  readonly task: TaskItem;
  readonly checklist: string;
  /** Relative to the root. */
  readonly mirrorPath: string;
  readonly mirror: TextReading;
  /** The file with the managed blocks, relative to the root. */
  readonly tasksFile: string;
  /** Undefined where that has none for the task. */
  readonly block: DamagedBlock | ManagedBlock | undefined;
  /** The text of the block as it is; empty without one. */
  readonly blockText: string;
}

/** What is wrong with a task's copies, each with what would put it right. */
export interface SyncProblem {
  readonly finding: Finding;
  /** The text of a mirror, or the change of a block; null where only people can put it right. */
  readonly mirror: string | null;
  readonly block: BlockChange | null;
}

/**
 * What differs between a checklist and its copies. Those of a task that is finished may have been put into an
 * archive: they are held against the checklist as far as they are there.
 */
export function planTask(facts: TaskFacts): readonly SyncProblem[] {
  const body = readChecklistBody(facts.checklist);
  const mirror = renderMirror(facts.task, body);
  const block = renderBlock(facts.task, body, facts.mirrorPath);
  return [judgeMirror(facts, mirror), judgeBlock(facts, block)].flatMap((problem) => problem ?? []);
}

/** Whether the index says that nobody works on a task any more. */
export function isFinished({ status, completedAt }: TaskItem): boolean {
  return status === null ? completedAt !== null : endStatuses.has(status.toLowerCase());
}

const endStatuses: ReadonlySet<string> = new Set([
  ...['archived', 'canceled', 'cancelled', 'closed', 'completed'],
  ...['done', 'duplicate', 'merged', 'succeeded'],
]);

function judgeMirror(facts: TaskFacts, wanted: string): SyncProblem | null {
  const { task, checklist, mirror, mirrorPath: file } = facts;
  const source = task.checklistPath;
  if (mirror.kind === 'missing') {
    if (isFinished(task)) return null;
    const message = `${source} has no mirror ${file}`;
    const text = withBreaks(wanted, lineBreakOf(checklist));
    return repairable({ rule: 'mirror-missing', file, line: null, message }, { mirror: text });
  }
  if (mirror.kind === 'unusable') {
    const rule = mirror.isTooLarge ? 'document-too-large' : 'document-unreadable';
    const message = `Cannot compare ${file} with ${source}: ${mirror.reason}`;
    return { finding: { rule, file, line: null, message, fix: null }, mirror: null, block: null };
  }
  const present = withPlainBreaks(mirror.text.replace(/^\uFEFF/, ''));
  if (present === wanted) return null;
  // What was not made here is what somebody put in the place of a mirror when the task was done with.
  if (isFinished(task) && !present.startsWith(wanted.slice(0, wanted.indexOf('\n')))) return null;
  const message = `${file} does not say what ${source} says`;
  const text = withBreaks(wanted, lineBreakOf(mirror.text));
  return repairable({ rule: 'mirror-stale', file, line: null, message }, { mirror: text });
}

function judgeBlock(facts: TaskFacts, wanted: string): SyncProblem | null {
  const { task, tasksFile: file, block } = facts;
  const source = task.checklistPath;
  if (block === undefined) {
    if (isFinished(task)) return null;
    const message = `${file} has no managed block of ${task.key}`;
    const change = { block: null, text: wanted };
    return repairable({ rule: 'block-missing', file, line: null, message }, { block: change });
  }
  // Told once for the file, whether or not there is a task of that name.
  if (block.kind === 'damaged' || withPlainBreaks(facts.blockText) === wanted) return null;
  const message = `The managed block of ${task.key} does not say what ${source} says`;
  const change = { block, text: wanted };
  return repairable({ rule: 'block-stale', file, line: block.line, message }, { block: change });
}

function repairable(
  finding: Omit<Finding, 'fix'>,
  { mirror = null, block = null }: Partial<Omit<SyncProblem, 'finding'>>,
): SyncProblem {
  return { finding: { ...finding, fix: 'Run the gate with --fix' }, mirror, block };
}
