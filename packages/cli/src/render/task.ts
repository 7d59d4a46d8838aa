import type {
  EvidenceRunAnswer,
  LatestRunAnswer,
  TaskAnswer,
  TaskEvidenceAnswer,
  TaskListAnswer,
  TaskNewAnswer,
  TaskStatusAnswer,
} from '../commands/task/answers.js';
import { formatSeconds } from './metrics-numbers.js';
import { renderTable } from './metrics-table.js';
import type { Column } from './metrics-table.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const nameColumns = 60;
const messageColumns = 400;
/** A line for agents, whose answer is a kilobyte. */
const agentColumns = 80;

/** What `task new` wrote, for people. */
export function renderTaskNew({ key, written }: TaskNewAnswer): Line[] {
  return [`Begun: ${key}`, ...written.map((path) => `  ${printableLine(path, messageColumns)}`)];
}

const columns: readonly Column[] = [
  { title: 'TASK' },
  { title: 'STATUS' },
  { title: 'ITEMS', align: 'right' },
  { title: 'TITLE' },
];

/** All tasks, for people. @param maxTasks So many are shown, the last ones of the index. */
export function renderTaskList({ tasks }: TaskListAnswer, maxTasks = Infinity): Line[] {
  if (tasks.length === 0) return ['No tasks'];
  const shown = maxTasks < tasks.length ? tasks.slice(-maxTasks) : tasks;
  const hidden = tasks.length - shown.length;
  return [
    ...renderTable(columns, shown.map(cellsOf)),
    ...(hidden > 0 ? [`${String(hidden)} earlier ones are not shown`] : []),
  ];
}

function cellsOf(task: TaskAnswer): Line[] {
  return [
    printableLine(task.key, nameColumns),
    printableLine(task.status ?? '-', nameColumns),
    itemsOf(task),
    printableLine(task.title ?? '-', nameColumns),
  ];
}

/** One task, for people. @param maxLines So many open items and broken links are shown. */
export function renderTaskStatus(status: TaskStatusAnswer, maxLines = Infinity): Line[] {
  const { key, title, open, spec, evidence, latest_run: run, problem } = status;
  const { bad, good } = evidence;
  const width = Number.isFinite(maxLines) ? agentColumns : messageColumns;
  return [
    printableLine(`${key}: ${title ?? '-'} (${status.status ?? '-'})`, messageColumns),
    problem === null
      ? `Items: ${itemsOf(status)} done`
      : [{ text: printableLine(problem, messageColumns), style: 'red' }],
    ...someOf(open, maxLines).map(
      ({ number, text }) => `  open ${String(number)}: ${printableLine(text, width)}`,
    ),
    specLine(spec),
    bad.length === 0
      ? `Evidence: ${String(good)} good`
      : [`Evidence: ${String(good)} good, `, { text: `${String(bad.length)} bad`, style: 'red' }],
    ...someOf(bad, maxLines).map(
      ({ file, line, message }) =>
        `  ${printableLine(`${file ?? ''}:${String(line ?? 1)}: ${message}`, width)}`,
    ),
    run === null ? 'Latest run: none' : runLine(run),
  ];
}

function someOf<Value>(values: readonly Value[], count: number): readonly Value[] {
  return values.slice(0, count);
}

function itemsOf({ items }: TaskAnswer): string {
  return items === null ? '-' : `${String(items.done)}/${String(items.total)}`;
}

function specLine({ path, last_review: day, age_days: age }: TaskStatusAnswer['spec']): Line {
  if (day === null || age === null) return `Spec: no last_review in ${path}`;
  return `Spec: reviewed ${day}, ${String(age)} day(s) ago`;
}

function runLine(run: LatestRunAnswer): Line {
  const name = `${run.task_id} ${run.run_id}`;
  if (run.status === null) {
    const reason = run.problem ?? 'its record cannot be believed';
    const text = printableLine(`Latest run: ${name}: ${reason}`, messageColumns);
    return [{ text, style: 'red' }];
  }
  return printableLine(`Latest run: ${name} ${run.status}${durationOf(run)}`, messageColumns);
}

/** What `task evidence` did, for people. */
export function renderTaskEvidence(answer: TaskEvidenceAnswer): Line[] {
  const { key, run, before, item, document, written } = answer;
  const box = item.is_done ? '[x]' : '[ ]';
  return [
    printableLine(
      `${key} item ${String(item.number)} ${box} ${item.text}: ${run.run_id} ${run.status}`,
      messageColumns,
    ),
    ...(before === null ? [] : [comparisonLine(run, before)]),
    ...(document === null ? ['No action plan or PRD to put the numbers into'] : []),
    written.length === 0 ? 'Nothing to change' : `Written: ${written.join(', ')}`,
  ];
}

function comparisonLine(run: EvidenceRunAnswer, before: EvidenceRunAnswer): Line {
  return `Before: ${before.run_id}${durationOf(before)}; after:${durationOf(run)}`;
}

function durationOf({ duration_ms: duration }: { readonly duration_ms: number | null }): string {
  return duration === null ? ' -' : ` ${formatSeconds(duration / 1000)}`;
}
