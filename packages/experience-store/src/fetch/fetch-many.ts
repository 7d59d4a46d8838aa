import { codeOf, messageOf } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import { compareEntries } from '../index/entry.js';
import type { Rank } from '../index/entry.js';
import type { Cost } from '../log/read-cost.js';
import { lookUpTask } from './look-up.js';
import type { FetchContext, LogAnswer } from './look-up.js';
import { checkQuery, expectTaskId } from './query.js';
import type { FetchQuery, FetchResult, Want } from './query.js';

/**
 * Answers queries in their order. A domain of a task is looked up once, for the query that wants the most
 * of it, however many ask for it.
 *
 * @throws ExperienceError `INVALID_OPTION`, `STORE_UNREADABLE`; the reason of the signal.
 */
export async function fetchMany(
  queries: readonly FetchQuery[],
  context: FetchContext,
): Promise<FetchResult[]> {
  const checked = queries.map((query) => ({ taskId: taskOf(query), want: checkQuery(query) }));
  const groups = new Map<string | undefined, TaskGroup>();
  for (const { taskId, want } of checked) {
    const group = groups.get(taskId) ?? new TaskGroup(taskId);
    groups.set(taskId, group);
    if (want) group.add(want);
  }
  for (const group of groups.values()) await group.lookUp(context);
  return checked.map(({ taskId, want }) => {
    const group = want && groups.get(taskId);
    return group ? group.resultOf(want) : NOTHING;
  });
}

const NO_COST: Cost = { bytesRead: 0, linesParsed: 0, filesOpened: 0 };
const NOTHING: FetchResult = {
  ...{ records: [], truncated: false, source: 'empty', cost: NO_COST, problems: [] },
};

function taskOf({ taskId }: FetchQuery): string | undefined {
  return taskId === undefined ? undefined : expectTaskId(taskId);
}

/** What is asked of one task, or of all. */
class TaskGroup {
  readonly #taskId: string | undefined;
  readonly #widest = new Map<string, Want>();
  readonly #answers = new Map<string, LogAnswer[]>();
  #cost = NO_COST;
  #problems: readonly string[] = [];

  constructor(taskId: string | undefined) {
    this.#taskId = taskId;
  }

  add({ domain, limit, minScore }: Want): void {
    const widest = this.#widest.get(domain);
    this.#widest.set(domain, {
      domain,
      limit: Math.max(limit, widest?.limit ?? 0),
      minScore: Math.min(minScore, widest?.minScore ?? Infinity),
    });
  }

  async lookUp(context: FetchContext): Promise<void> {
    const wants = [...this.#widest.values()];
    if (wants.length === 0) return;
    const tasks = this.#taskId === undefined ? tasksIn(context) : [this.#taskId];
    for (const taskId of tasks) {
      const { answers, cost, problems } = await lookUpTask(taskId, wants, context);
      for (const [{ domain }, answer] of answers) {
        const all = this.#answers.get(domain);
        if (all) all.push(answer);
        else this.#answers.set(domain, [answer]);
      }
      this.#cost = sumOf(this.#cost, cost);
      this.#problems = [...this.#problems, ...problems];
    }
  }

  /** The first one that is asked for bears the cost of the group. */
  resultOf({ domain, limit, minScore }: Want): FetchResult {
    const answers = this.#answers.get(domain) ?? [];
    const found = answers.flatMap(({ records }) => records);
    // Stable: what is equal stays in the order of the tasks.
    if (answers.length > 1) found.sort((a, b) => compareAcross(a.entry, b.entry));
    const fits = found.filter(({ entry }) => entry.score >= minScore);
    const cost = this.#cost;
    this.#cost = NO_COST;
    return {
      records: fits.slice(0, limit).map(({ record }) => ({ ...record })),
      truncated: answers.some(({ truncated }) => truncated),
      source: sourceOf(answers),
      cost,
      problems: this.#problems,
    };
  }
}

function tasksIn({ outDir, ports }: FetchContext): string[] {
  try {
    return ports.fs.readdir(outDir).sort();
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return [];
    const message = `Cannot list the tasks in "${outDir}": ${messageOf(cause)}`;
    throw new ExperienceError('STORE_UNREADABLE', message, { path: outDir, cause });
  }
}

/** Offsets of two logs say nothing. */
function compareAcross(a: Rank, b: Rank): number {
  return compareEntries({ ...a, offset: 0 }, { ...b, offset: 0 });
}

/** Of several logs, what took the most. */
function sourceOf(answers: readonly LogAnswer[]): FetchResult['source'] {
  const sources = ['scan', 'index', 'memory'] as const;
  return sources.find((each) => answers.some(({ source }) => source === each)) ?? 'empty';
}

function sumOf(a: Cost, b: Cost): Cost {
  return {
    bytesRead: a.bytesRead + b.bytesRead,
    linesParsed: a.linesParsed + b.linesParsed,
    filesOpened: a.filesOpened + b.filesOpened,
  };
}
