import type { Finding } from '../gate/finding.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { GateResult } from '../gate/gate-result.js';
import { readTaskIndex } from '../tasks/task-index.js';
import type { TaskIndex, TaskItem } from '../tasks/task-index.js';
import { readText } from '../text-files/read-text.js';
import type { UnusableText } from '../text-files/read-text.js';
import { writeText } from '../text-files/write-text.js';
import { changeBlocks, findBlocks } from './managed-blocks.js';
import type { BlockChange, DamagedBlock, ManagedBlock } from './managed-blocks.js';
import { isFinished, planTask } from './sync-plan.js';
import type { SyncProblem } from './sync-plan.js';
import { syncSettings } from './tasks-sync-settings.js';
import type { SyncSettings } from './tasks-sync-settings.js';

/**
 * Whether each task of the index whose checklist is there has a mirror and a managed block in the file of
 * tasks that say what the checklist says. Line breaks of either kind are the same. Copies of a finished task
 * may be gone to an archive; those that are there have to be right.
 *
 * With the option `fix` what differs is written, each file as a whole: mirrors are replaced, blocks are
 * replaced or added at the end, and nothing outside of them is touched. What is damaged is left to people.
 *
 * @throws GateError `INVALID_FILE` for an index that cannot be read; `WRITE_FAILED`.
 */
export async function tasksSync(ports: GatePorts): Promise<GateResult> {
  const settings = syncSettings(ports);
  const index = readTaskIndex(ports, settings.index);
  if (index === undefined) return notApplicable(`there is no ${settings.index}`);
  const look = lookAt(ports, settings, index);
  const { tasks, problems, findings } = look;
  if (tasks === 0 && findings.length === 0) {
    return notApplicable(`no task of ${settings.index} has a checklist`);
  }
  if (ports.options.fix !== true) {
    return conclude(look, [...findings, ...problems.map(({ finding }) => finding)], []);
  }
  const written = await repair(ports, settings, look);
  const left = problems.filter(({ mirror, block }) => mirror === null && block === null);
  return conclude(look, [...findings, ...left.map(({ finding }) => finding)], written);
}

interface Look {
  /** Tasks with a checklist. */
  readonly tasks: number;
  readonly finished: number;
  readonly problems: readonly SyncProblem[];
  /** What is wrong beside that. */
  readonly findings: readonly Finding[];
  /** Undefined where there is none. */
  readonly tasksText: string | undefined;
}

function lookAt(ports: GatePorts, settings: SyncSettings, index: TaskIndex): Look {
  const { tasksFile } = settings;
  const findings = index.problems.map((problem) => itemFinding(index.path, problem));
  const reading = readText(ports, tasksFile);
  const tasksText = reading.kind === 'text' ? reading.text : undefined;
  const blocks = findBlocks(tasksText ?? '');
  const problems: SyncProblem[] = [];
  let tasks = 0;
  let finished = 0;
  for (const task of index.items) {
    const checklist = readText(ports, task.checklistPath);
    if (checklist.kind === 'missing') continue;
    tasks += 1;
    if (isFinished(task)) finished += 1;
    if (checklist.kind === 'unusable') findings.push(unread(task.checklistPath, checklist));
    else
      problems.push(
        ...planOf(ports, task, {
          settings,
          checklist: checklist.text,
          blocks,
          tasksText: tasksText ?? '',
        }),
      );
  }
  if (tasks > 0) findings.push(...damages(tasksFile, blocks));
  if (tasks > 0 && reading.kind === 'unusable') findings.push(unread(tasksFile, reading));
  // Nothing is known of the blocks of a file that cannot be read.
  const known =
    reading.kind === 'unusable' ? problems.filter(({ block }) => block === null) : problems;
  return { tasks, finished, problems: known, findings, tasksText };
}

interface Surroundings {
  readonly settings: SyncSettings;
  readonly checklist: string;
  readonly blocks: ReadonlyMap<string, DamagedBlock | ManagedBlock>;
  readonly tasksText: string;
}

function planOf(ports: GatePorts, task: TaskItem, around: Surroundings): readonly SyncProblem[] {
  const { settings, checklist, blocks, tasksText } = around;
  const mirrorPath = `${settings.mirrors}/${task.key}.md`;
  const block = blocks.get(task.key);
  return planTask({
    task,
    checklist,
    mirrorPath,
    mirror: readText(ports, mirrorPath),
    tasksFile: settings.tasksFile,
    block,
    blockText: block?.kind === 'block' ? tasksText.slice(block.start, block.end) : '',
  });
}

/** Mirrors first: whoever ends it in between leaves whole files, and what is missing is found again. */
async function repair(
  ports: GatePorts,
  { tasksFile }: SyncSettings,
  { problems, tasksText }: Look,
): Promise<string[]> {
  const written: string[] = [];
  for (const { finding, mirror } of problems) {
    if (mirror === null || finding.file === null) continue;
    await writeText(ports, { root: ports.root, path: finding.file }, mirror);
    written.push(finding.file);
  }
  const changes = problems.flatMap(({ block }): readonly BlockChange[] => (block ? [block] : []));
  if (changes.length > 0) {
    const changed = changeBlocks(tasksText ?? '# Tasks\n', changes);
    await writeText(ports, { root: ports.root, path: tasksFile }, changed);
    written.push(tasksFile);
  }
  return written;
}

function conclude(
  look: Look,
  findings: readonly Finding[],
  written: readonly string[],
): GateResult {
  const passes = findings.length === 0;
  const { tasks, finished } = look;
  return {
    gate: 'tasks-sync',
    outcome: passes ? 'passed' : 'failed',
    passes,
    findings,
    lines: [
      ...written.map((path) => `docs:sync: updated ${path}`),
      ...(passes
        ? [`✅ docs:sync: OK (${tasks === 1 ? '1 task' : `${tasks} tasks`})`]
        : findings.map(({ file, rule, message }) => `${file ?? ''}: ${rule}: ${message}`)),
      ...(passes ? [] : [`❌ docs:sync: ${findings.length} error(s)`]),
    ],
    facts: { tasks, finished_tasks: finished },
    override: null,
    warnings: [],
    written,
  };
}

function notApplicable(reason: string): GateResult {
  return {
    gate: 'tasks-sync',
    outcome: 'not_applicable',
    passes: true,
    findings: [],
    lines: [`docs:sync: not applicable - ${reason}`],
    facts: { tasks: 0, finished_tasks: 0 },
    override: null,
    warnings: [],
    written: [],
  };
}

function damages(
  file: string,
  blocks: ReadonlyMap<string, DamagedBlock | ManagedBlock>,
): Finding[] {
  return [...blocks].flatMap(([key, block]) => {
    if (block.kind !== 'damaged') return [];
    const message = `The managed block of ${key} is damaged: ${block.reason}`;
    const fix = 'Take its markers out, then run the gate with --fix';
    return { rule: 'block-damaged', file, line: block.line, message, fix };
  });
}

function unread(file: string, { reason, isTooLarge }: UnusableText): Finding {
  const rule = isTooLarge ? 'document-too-large' : 'document-unreadable';
  return { rule, file, line: null, message: `Cannot read ${file}: ${reason}`, fix: null };
}

function itemFinding(file: string, problem: string): Finding {
  return { rule: 'task-item-invalid', file, line: null, message: problem, fix: null };
}
