import type { TaskItem } from '../tasks/task-index.js';
import type { ChecklistBody } from './checklist-body.js';
import { beginMarker, endMarker } from './managed-blocks.js';

/** The mirror of a checklist, with plain line breaks. */
export function renderMirror(task: TaskItem, body: ChecklistBody): string {
  const title = onOneLine(task.title ?? task.key);
  return [
    `<!-- Generated from ${task.checklistPath} by the gate tasks-sync: change that file, not this one. -->`,
    `# Task Checklist — ${title} (${onOneLine(task.id ?? task.key)})`,
    '',
    body.promoted,
    '',
  ].join('\n');
}

/**
 * The managed block of a task, its markers included, with plain line breaks. What looks like a marker in the
 * checklist is written as text.
 *
 * @param mirrorPath Relative to the root.
 */
export function renderBlock(task: TaskItem, body: ChecklistBody, mirrorPath: string): string {
  return [
    beginMarker(task.key),
    '## Checklist Mirror',
    `Generated from \`${task.checklistPath}\`, as \`${mirrorPath}\` is: change the checklist, not this block.`,
    '',
    body.text.replaceAll(/<(?=!--\s*docs-sync:)/gi, '&lt;'),
    endMarker(task.key),
  ].join('\n');
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
