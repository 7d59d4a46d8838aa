import { join } from 'node:path';

import { withFileLock } from '@codex-orchestrator/core';

import { dayOf, formatDay } from '../calendar/calendar-day.js';
import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import { defaultTaskIndexPath, readTaskIndex } from '../tasks/task-index.js';
import type { JsonObject, TaskIndex } from '../tasks/task-index.js';
import { writeText } from '../text-files/write-text.js';
import {
  renderActionPlan,
  renderChecklist,
  renderMiniSpec,
  renderPrd,
  renderTechSpec,
} from './render-plans.js';
import { nameTask } from './task-names.js';
import type { NewTask, TaskNames } from './task-names.js';

/** A task that was begun. */
export interface BegunTask extends TaskNames {
  /** Files that were written, relative to the root, in order; the index is the last. */
  readonly written: readonly string[];
}

/**
 * Begins a task: writes its PRD, specification, action plan, checklist and mini-spec, and then registers it in
 * `tasks/index.json`. Before anything is written, it is made sure that all of it can be. A call that was
 * ended half-way is completed by the same call: files that are what would be written are left as they are.
 *
 * @throws GateError `TASK_EXISTS` for a task that is registered, or a file that is there with other content;
 * `INVALID_OPTION`; `INVALID_FILE` for an index that cannot be used; `WRITE_FAILED`. CoreError `LOCK_TIMEOUT`,
 * `LOCK_FAILED` where the lock in the folder of runs cannot be had.
 */
export async function newTask(ports: GatePorts, task: NewTask): Promise<BegunTask> {
  const names = nameTask(task);
  const { runsDir, fs, clock, random } = ports;
  // Two calls at a time would each write the index that they read. What a lock leaves is no part of a commit.
  const lockPath = join(runsDir, '.task-index.lock');
  return withFileLock(lockPath, () => begin(ports, names), { fs, clock, random });
}

async function begin(ports: GatePorts, names: TaskNames): Promise<BegunTask> {
  const { key } = names;
  const index = readTaskIndex(ports);
  if (index?.items.some((item) => item.key === key)) {
    const hint = `codex-orchestrator task status ${key}`;
    throw new GateError('TASK_EXISTS', `The task ${key} is in ${index.path} already`, { hint });
  }
  const documents = renderDocuments(names, firstDay(ports, names));
  const missing = documents.filter((document) => !isWritten(ports, document));
  for (const { path, text } of missing) await writeText(ports, { root: ports.root, path }, text);
  const text = `${JSON.stringify(withTask(index, names, today(ports)), null, 2)}\n`;
  await writeText(ports, { root: ports.root, path: defaultTaskIndexPath }, text);
  return { ...names, written: [...missing.map(({ path }) => path), defaultTaskIndexPath] };
}

interface TaskDocument {
  readonly path: string;
  readonly text: string;
}

function renderDocuments(names: TaskNames, day: string): TaskDocument[] {
  const { paths } = names;
  return [
    { path: paths.spec, text: renderMiniSpec(names, day) },
    { path: paths.prd, text: renderPrd(names, day) },
    { path: paths.techSpec, text: renderTechSpec(names, day) },
    { path: paths.actionPlan, text: renderActionPlan(names, day) },
    { path: paths.checklist, text: renderChecklist(names, day) },
  ];
}

/** The day of the call that wrote the first document, so that another day can complete it. */
function firstDay(ports: GatePorts, { paths }: TaskNames): string {
  const reading = readFileInside(ports, paths.spec);
  const text = reading.kind === 'read' ? reading.bytes.toString('utf8') : '';
  return /^last_review: (\d{4}-\d\d-\d\d)$/m.exec(text)?.[1] ?? today(ports);
}

function today({ clock }: Pick<GatePorts, 'clock'>): string {
  return formatDay(dayOf(clock.nowMs()));
}

/** @throws GateError `TASK_EXISTS` where something else is at its place */
function isWritten(ports: GatePorts, { path, text }: TaskDocument): boolean {
  const reading = readFileInside(ports, path);
  if (reading.kind === 'missing') return false;
  if (reading.kind === 'read' && reading.bytes.toString('utf8') === text) return true;
  const reason =
    reading.kind === 'read' ? 'it is there with other content' : describeUnread(reading);
  throw new GateError('TASK_EXISTS', `Cannot write ${path}: ${reason}`, {
    hint: 'Choose another slug, or move the file away; nothing was written',
  });
}

function withTask(index: TaskIndex | undefined, names: TaskNames, day: string): JsonObject {
  const document = index?.document ?? { items: [], specs: [] };
  const { id, slug, title, paths } = names;
  const item = {
    ...{ id, slug, title, path: paths.checklist, kind: 'prd', status: 'in_progress' },
    gate: { phase: 'prd-approval', status: 'pending', log: null, run_id: null },
    ...{ created_at: day, completed_at: null },
  };
  const spec = { id: names.key, slug, title, path: paths.spec, last_review: day };
  const specs = Array.isArray(document['specs'])
    ? [...(document['specs'] as unknown[]), spec]
    : null;
  const items = [...(document['items'] as unknown[]), item];
  return { ...document, items, ...(specs && { specs }) };
}
