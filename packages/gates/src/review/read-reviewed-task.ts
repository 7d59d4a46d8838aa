import type { GatePorts } from '../gate/gate-ports.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import { readTaskIndex } from '../tasks/task-index.js';
import type { TaskItem } from '../tasks/task-index.js';
import { checklistPathOf, keyFor } from '../tasks/task-key.js';
import { visitTextLines } from '../tasks/text-lines.js';
import type { ReviewedTask } from './build-review-prompt.js';

type TaskPorts = Pick<GatePorts, 'fs' | 'root' | 'settings'>;

/** Most of what a prompt has from one document. */
const maxHeaderBullets = 20;
const maxSummaryBullets = 6;

/**
 * What the repository says of a task: its line in the index, what stands at the top of its checklist, and the
 * summary of the PRD that is named there.
 *
 * @param warn Told what is there and cannot be read.
 * @throws GateError `INVALID_FILE` for an index that cannot be read
 */
export function readReviewedTask(
  ports: TaskPorts,
  taskId: string | undefined,
  warn: (warning: string) => void,
): ReviewedTask {
  if (taskId === undefined) {
    return { key: null, title: null, status: null, checklist: null, summary: null };
  }
  const items = readTaskIndex(ports, ports.settings['tasks-sync']?.index)?.items ?? [];
  const key = keyFor(
    taskId,
    items.map((item) => item.key),
  );
  const item = items.find((candidate) => candidate.key === key);
  const checklist = readChecklist(ports, checklistsOf(taskId, item), warn);
  const prd = checklist ? prdIn(checklist.bullets) : undefined;
  const summary = prd === undefined ? null : readSummary(ports, prd, warn);
  const { title = null, status = null } = item ?? {};
  return { key: key ?? taskId, title, status, checklist, summary };
}

/** Where its checklist may be, the likeliest place first. */
function checklistsOf(taskId: string, item: TaskItem | undefined): readonly string[] {
  const given = [item?.source['relates_to'], item?.path].filter(
    (path): path is string => typeof path === 'string' && /(?:^|\/)tasks-[^/]+\.md$/.test(path),
  );
  const own = item === undefined ? [] : [item.checklistPath];
  const named = /[/\\]/.test(taskId) ? [] : [checklistPathOf(taskId)];
  return [...new Set([...own, ...given, ...named])];
}

function readChecklist(
  ports: TaskPorts,
  paths: readonly string[],
  warn: (warning: string) => void,
): ReviewedTask['checklist'] {
  for (const path of paths) {
    const text = readText(ports, path, warn);
    if (text !== undefined) return { path, bullets: headerBullets(text) };
  }
  return null;
}

function headerBullets(text: string): string[] {
  const bullets: string[] = [];
  let isHeader = true;
  visitTextLines(text, (line) => {
    if (/^##\s+Checklist\s*$/i.test(line)) isHeader = false;
    else if (isHeader && line.startsWith('- ')) bullets.push(line.trimEnd());
  });
  return bullets.slice(0, maxHeaderBullets);
}

function prdIn(bullets: readonly string[]): string | undefined {
  const line = bullets.find((bullet) => /\bprimary prd:/i.test(bullet));
  return line && /`([^`]+)`/.exec(line)?.[1];
}

function readSummary(
  ports: TaskPorts,
  path: string,
  warn: (warning: string) => void,
): ReviewedTask['summary'] {
  const text = readText(ports, path, warn);
  if (text === undefined) return null;
  const bullets: string[] = [];
  let isSummary = false;
  visitTextLines(text, (line) => {
    const heading = /^#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1];
    if (heading !== undefined) isSummary = /^summary$/i.test(heading);
    else if (isSummary && /^\s*- /.test(line)) bullets.push(line.trim());
  });
  return { path, bullets: bullets.slice(0, maxSummaryBullets) };
}

function readText(
  ports: TaskPorts,
  path: string,
  warn: (warning: string) => void,
): string | undefined {
  const reading = readFileInside(ports, path);
  if (reading.kind === 'read') return reading.bytes.toString();
  if (reading.kind !== 'missing') {
    warn(`The reviewer was not shown ${path}: ${describeUnread(reading)}.`);
  }
  return undefined;
}
