import * as z from 'zod/mini';

import { GateError } from '../errors.js';
import type { DocsCheckSettings } from '../settings/gate-settings.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import type { FileRoot } from '../text-files/read-file-inside.js';
import type { Problem } from './problem.js';

const policyPath = 'docs/tasks-archive-policy.json';
const defaultTasksFile = 'docs/TASKS.md';
const defaultMaxLines = 450;

/**
 * What is wrong with the size of the file that lists the tasks: nothing where there is none.
 *
 * @throws GateError `INVALID_FILE` for a policy that says no number of lines, `INVALID_OPTION` for settings
 * that do not
 */
export function checkTasksFileSize(where: FileRoot, settings: DocsCheckSettings): Problem[] {
  const { tasksFile = defaultTasksFile, tasksMaxLines } = settings;
  if (tasksMaxLines !== undefined && !isCount(tasksMaxLines)) {
    const message = `Expected the setting 'tasksMaxLines' of docs-check to be a positive integer, got ${String(tasksMaxLines)}`;
    throw new GateError('INVALID_OPTION', message);
  }
  const reading = readFileInside(where, tasksFile);
  if (reading.kind === 'missing' && settings.tasksFile === undefined) return [];
  if (reading.kind !== 'read') {
    const reason = describeUnread(reading);
    return [
      {
        rule: reading.kind === 'too-large' ? 'document-too-large' : 'document-unreadable',
        file: tasksFile,
        line: null,
        reference: reason,
        message: `The lines of '${tasksFile}' cannot be counted: ${reason}`,
        fix: null,
      },
    ];
  }
  const maxLines = tasksMaxLines ?? readPolicy(where) ?? defaultMaxLines;
  return judgeSize(tasksFile, countLines(reading.bytes), maxLines);
}

/** Pure: no more lines than that are fine. */
export function judgeSize(file: string, lines: number, maxLines: number): Problem[] {
  if (lines <= maxLines) return [];
  return [
    {
      rule: 'tasks-file-too-large',
      file,
      line: null,
      reference: `lines=${lines} max=${maxLines}`,
      message: `'${file}' has ${lines} lines, ${lines - maxLines} more than it may have`,
      fix: 'Move what is done into an archive',
    },
  ];
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines += 1;
  return bytes.length === 0 || bytes.at(-1) === lineFeed ? lines : lines + 1;
}

const lineFeed = 0x0a;

function readPolicy(where: FileRoot): number | undefined {
  const reading = readFileInside(where, policyPath);
  if (reading.kind === 'missing') return undefined;
  if (reading.kind !== 'read') throw invalidPolicy(describeUnread(reading));
  let value: unknown;
  try {
    value = JSON.parse(reading.bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalidPolicy('it is not JSON', cause);
  }
  const policy = z.object({ max_lines: z.optional(z.unknown()) }).safeParse(value);
  if (!policy.success) throw invalidPolicy('it is no object');
  const { max_lines: maxLines } = policy.data;
  if (maxLines === undefined) return undefined;
  if (!isCount(maxLines)) throw invalidPolicy("its 'max_lines' is no positive integer");
  return maxLines;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function invalidPolicy(reason: string, cause?: unknown): GateError {
  return new GateError('INVALID_FILE', `Cannot go by '${policyPath}': ${reason}`, { cause });
}
