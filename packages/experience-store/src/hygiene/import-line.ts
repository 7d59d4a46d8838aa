import type { Clock, RandomSource } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import { isObject } from '../record/member-values.js';
import { MAX_LINE_BYTES, parseLogLine } from '../record/parse-line.js';
import { prepareBatch } from '../record/prepare.js';
import type { PrepareContext } from '../record/prepare.js';
import type { Experience, ExperienceInput } from '../record/record.js';

export interface ImportLineOptions {
  /** Takes secrets out of a text. @default none are looked for */
  readonly redact?: ((text: string) => string) | undefined;
  /** Words of a summary that are kept. @default all */
  readonly maxWords?: number | undefined;
}

export type ImportLine =
  | { readonly kind: 'record'; readonly record: Experience }
  | { readonly kind: 'note' | 'nothing' }
  | { readonly kind: 'bad'; readonly reason: string };

type Context = ImportLineOptions & { readonly clock: Clock; readonly random: RandomSource };

/** A function that makes a record for a task of each line of an import. */
export function createImporter(taskId: string, context: Context): (text: string) => ImportLine {
  const prepare = { maxWords: Infinity, ...definedOf(context) };
  return (text) => {
    const value = text.trim().replace(/,$/, '');
    // The lines around the records of an exported array.
    if (value === '' || value === '[' || value === ']') return NOTHING;
    if (value.length > MAX_LINE_BYTES) return { kind: 'bad', reason: 'it is too long' };
    const members = parseObject(value);
    if (!members) return { kind: 'bad', reason: 'it is not a JSON object' };
    const line = parseLogLine(JSON.stringify({ ...members, taskId }), taskId);
    if (line.kind === 'blank') return NOTHING;
    if (line.kind !== 'record') return line.kind === 'note' ? { kind: 'note' } : line;
    return importRecord(line.record, prepare);
  };
}

const NOTHING: ImportLine = { kind: 'nothing' };

function definedOf({ redact, maxWords, clock, random }: Context): PrepareContext {
  return { clock, random, redact, ...(maxWords !== undefined && { maxWords }) };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function importRecord(given: Experience, context: PrepareContext): ImportLine {
  try {
    const { manifestPath } = given;
    const prepared = prepareBatch([inputOf(given)], { ...context, manifestPath });
    const made = prepared?.records[0]?.record;
    if (!made) return { kind: 'bad', reason: 'no record could be made of it' };
    return { kind: 'record', record: { ...given, ...made, ...identityOf(given, made) } };
  } catch (error) {
    if (!(error instanceof ExperienceError)) throw error;
    if (error.code === 'INVALID_OPTION') throw error;
    return { kind: 'bad', reason: reasonOf(error) };
  }
}

function inputOf(given: Experience): ExperienceInput {
  return { ...given, summary: given.summary32 };
}

const ID = /^[A-Za-z0-9][\w.:-]{0,127}$/;

function identityOf(
  given: Experience,
  made: { readonly id: string; readonly createdAt: string },
): Pick<Experience, 'id' | 'createdAt'> {
  return {
    id: ID.test(given.id) ? given.id : made.id,
    createdAt: isTime(given.createdAt) ? given.createdAt : made.createdAt,
  };
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function reasonOf({ problems, message }: ExperienceError): string {
  const [first = message] = problems;
  return first.replace(/^input 0: /, '');
}
