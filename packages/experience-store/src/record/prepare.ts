import { checkIdentifier, messageOf } from '@codex-orchestrator/core';
import type { Clock, RandomSource } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import { problemsOf } from './check-input.js';
import { cleanText, firstWords } from './clean-text.js';
import { encodeRecord } from './encode.js';
import { finiteOf, membersOf, textOf } from './member-values.js';
import { MAX_LINE_BYTES } from './parse-line.js';
import type { ExperienceInput, ExperienceRecord } from './record.js';
import { contentHashOfNormal, normaliseText } from './similarity.js';

export interface PrepareContext {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Takes secrets out of a text. @default none are looked for */
  readonly redact?: ((text: string) => string) | undefined;
  /** Words of a summary that are kept, at least 1. @default 32 */
  readonly maxWords?: number | undefined;
  /** Of the run that the records come from, relative to the root of the repository. @default null */
  readonly manifestPath?: string | null | undefined;
}

/** A record and its line, without newline. */
export interface PreparedRecord {
  readonly record: ExperienceRecord;
  readonly line: string;
  /** Its summary as `normaliseText` gives it. */
  readonly normal: string;
}

/** The records of a batch in the order of its inputs, all of one task. */
export interface PreparedBatch {
  readonly taskId: string;
  readonly records: readonly PreparedRecord[];
}

const DEFAULT_MAX_WORDS = 32;
const MOST_RECORDS = 10_000;
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Makes records of what callers say, all or none. Summaries, names of tools and sources are rid of
 * control characters and of secrets first, whatever is cut or hashed is so afterwards; of summaries the
 * first words are kept. Rewards and figures that are no finite numbers count as 0. No input is no batch.
 *
 * @throws ExperienceError `BATCH_INVALID`, whose `problems` name all that is wrong by input (from 0) and
 * member; `BATCH_TOO_LARGE` for more than 10,000 records or 8 MiB; `INVALID_OPTION`.
 */
export function prepareBatch(
  inputs: readonly ExperienceInput[],
  context: PrepareContext,
): PreparedBatch | undefined {
  const [first] = inputs;
  if (first === undefined) return undefined;
  expectSize(inputs);
  const taskId = expectInputs(inputs);
  const maker = createMaker(context);
  const problems: string[] = [];
  const records: PreparedRecord[] = [];
  let bytes = 0;
  for (const [index, input] of inputs.entries()) {
    const made = maker(input);
    if (typeof made === 'string') {
      problems.push(`input ${index}: ${made}`);
      continue;
    }
    records.push(made);
    bytes += expectLine(made.line, index);
  }
  if (problems.length > 0) throw invalid(problems);
  if (bytes > MOST_BYTES)
    throw tooLarge(`its lines have ${bytes} bytes, ${MOST_BYTES} are allowed`);
  return { taskId, records };
}

/**
 * The task that a batch says it is of, by its first input; `undefined` for none without inputs. The rest
 * is checked when the batch is prepared.
 *
 * @throws ExperienceError `BATCH_INVALID`
 */
export function taskOfBatch(inputs: readonly ExperienceInput[]): string | undefined {
  if (inputs.length === 0) return undefined;
  const { taskId } = membersOf(inputs[0]);
  const isName = typeof taskId === 'string' && checkIdentifier(taskId).ok;
  // With all else that is wrong, so that nobody mends a batch one input at a time.
  return isName ? taskId : expectInputs(inputs);
}

function expectInputs(inputs: readonly ExperienceInput[]): string {
  const problems = inputs.flatMap((input, index) =>
    problemsOf(input).map((problem) => `input ${index}: ${problem}`),
  );
  if (problems.length > 0) throw invalid(problems);
  const taskId = inputs[0]?.taskId ?? '';
  const stranger = inputs.findIndex((input) => input.taskId !== taskId);
  if (stranger === -1) return taskId;
  const other = inputs[stranger]?.taskId ?? '';
  throw invalid([`input ${stranger}: taskId is "${other}", that of input 0 is "${taskId}"`]);
}

function expectSize(inputs: readonly ExperienceInput[]): void {
  if (inputs.length > MOST_RECORDS) {
    throw tooLarge(`it has ${inputs.length} records, ${MOST_RECORDS} are allowed`);
  }
  let length = 0;
  for (const input of inputs) length += textOf(membersOf(input)['summary'])?.length ?? 0;
  // Before anything is done with them: to redact and to cut takes time with their length.
  if (length > MOST_BYTES) {
    throw tooLarge(`its summaries have ${length} characters, ${MOST_BYTES} are allowed`);
  }
}

function expectLine(line: string, index: number): number {
  const bytes = Buffer.byteLength(line) + 1;
  if (bytes + FRAME_BYTES <= MAX_LINE_BYTES) return bytes;
  throw tooLarge(`the line of input ${index} has ${bytes} bytes, ${MAX_LINE_BYTES} are allowed`);
}

/** More than the frame of a batch takes. */
const FRAME_BYTES = 64;

type Maker = (input: ExperienceInput) => PreparedRecord | string;

function createMaker(context: PrepareContext): Maker {
  const { clock, random, manifestPath = null } = context;
  const redact = context.redact ?? asItIs;
  const maxWords = expectWords(context.maxWords ?? DEFAULT_MAX_WORDS);
  const nowMs = clock.nowMs();
  const prefix = `exp-${Math.floor(nowMs).toString(36)}-`;
  const createdAt = new Date(nowMs).toISOString();
  // Twice: what is hidden by control characters shows without them, and what comes back is foreign.
  const free = (text: string): string => cleanText(redact(cleanText(text)));
  const freeOrNull = (text: string | null | undefined): string | null =>
    text === null || text === undefined ? null : free(text).trim();

  function make(input: ExperienceInput): PreparedRecord | string {
    const summary32 = firstWords(free(input.summary), maxWords);
    if (summary32 === '') return 'summary has no words';
    const normal = normaliseText(summary32);
    const domain = input.domain.trim();
    const { evidence = null } = input;
    const record: ExperienceRecord = {
      id: prefix + Buffer.from(random.bytes(6)).toString('hex'),
      runId: input.runId,
      taskId: input.taskId,
      epoch: input.epoch ?? null,
      groupId: freeOrNull(input.groupId),
      summary32,
      reward: {
        gtScore: finiteOf(input.reward.gtScore),
        relativeRank: finiteOf(input.reward.relativeRank),
      },
      toolStats: input.toolStats.map((stat) => ({
        tool: firstWords(free(stat.tool), Infinity),
        tokens: finiteOf(stat.tokens),
        latencyMs: finiteOf(stat.latencyMs),
        costUsd: finiteOf(stat.costUsd),
      })),
      stampSignature: input.stampSignature ?? null,
      domain,
      createdAt,
      manifestPath,
      contentHash: contentHashOfNormal(domain, normal),
      stageId: freeOrNull(input.stageId),
      commit: input.commit ?? null,
      evidence: evidence && { path: evidence.path, sha256: evidence.sha256 },
      source: freeOrNull(input.source),
    };
    return { record, line: encodeRecord(record), normal };
  }

  return (input) => {
    try {
      return make(input);
    } catch (error) {
      // Never written as it is: nobody knows what would be in it.
      return `a text could not be redacted: ${messageOf(error)}`;
    }
  };
}

function asItIs(text: string): string {
  return text;
}

function expectWords(maxWords: number): number {
  if (typeof maxWords === 'number' && !Number.isNaN(maxWords)) return Math.max(1, maxWords);
  const message = `Expected the \`maxWords\` option to be a number, got \`${String(maxWords)}\``;
  throw new ExperienceError('INVALID_OPTION', message);
}

const MOST_NAMED = 20;

function invalid(problems: readonly string[]): ExperienceError {
  const named = problems.slice(0, MOST_NAMED).join('; ');
  const more = problems.length > MOST_NAMED ? `; and ${problems.length - MOST_NAMED} more` : '';
  return new ExperienceError('BATCH_INVALID', `Cannot record experiences: ${named}${more}`, {
    problems,
  });
}

function tooLarge(reason: string): ExperienceError {
  return new ExperienceError('BATCH_TOO_LARGE', `Cannot record experiences: ${reason}`);
}
