import { messageOf } from '@codex-orchestrator/core';
import { parseTaskId } from '@codex-orchestrator/core/task-id';

import { ExperienceError } from '../errors.js';
import type { Cost } from '../log/read-cost.js';
import type { Experience } from '../record/record.js';

export interface FetchQuery {
  /** Compared exactly, without blanks at its ends. */
  readonly domain: string;
  /** How many records at most; an integer, or `Infinity`. */
  readonly limit: number;
  /** The least score, included. @default none */
  readonly minReward?: number | undefined;
  /** @default all tasks that have experiences */
  readonly taskId?: string | undefined;
}

export interface FetchOptions {
  /** Ends the look-up; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface FetchResult {
  /** By score, then by age, the youngest first, then as they stand in the log. */
  readonly records: Experience[];
  /** Whether a budget ended a scan early, so that records may be missing. */
  readonly truncated: boolean;
  /**
   * `scan` where a log had to be read, `memory` where this store has answered the same before and the log
   * is as it was, `empty` where there is no log.
   */
  readonly source: 'empty' | 'index' | 'memory' | 'scan';
  /** Of `fetchMany`, what queries share counts with the first of them: the sum is what it cost. */
  readonly cost: Cost;
  /** Why parts of the index could not be used; no answer is wrong for it. */
  readonly problems: readonly string[];
}

/** A query that has been checked. */
export interface Want {
  readonly domain: string;
  readonly limit: number;
  readonly minScore: number;
}

/**
 * `undefined` for a query that has no answer.
 * @throws ExperienceError `INVALID_OPTION`.
 */
export function checkQuery({ domain, limit, minReward }: FetchQuery): Want | undefined {
  if (limit !== Infinity && !Number.isSafeInteger(limit)) {
    throw invalid(`limit is ${limit}, and neither a whole number nor Infinity`);
  }
  if (minReward !== undefined && !Number.isFinite(minReward)) {
    throw invalid(`minReward is ${minReward}, and no finite number`);
  }
  const trimmed = domain.trim();
  if (trimmed === '' || limit <= 0) return undefined;
  return { domain: trimmed, limit, minScore: minReward ?? -Infinity };
}

/** @throws ExperienceError `INVALID_OPTION` for what is no safe name of a folder. */
export function expectTaskId(taskId: string): string {
  // Common names obey all rules, whose patterns take longer to prepare than the rest of a look-up.
  if (/^\w[\w-]{4,127}$/.test(taskId)) return taskId;
  try {
    return parseTaskId(taskId);
  } catch (cause) {
    const message = `Cannot open the experiences of a task: ${messageOf(cause)}`;
    throw new ExperienceError('INVALID_OPTION', message, { cause });
  }
}

function invalid(what: string): ExperienceError {
  return new ExperienceError('INVALID_OPTION', `Cannot look up experiences: ${what}`);
}
