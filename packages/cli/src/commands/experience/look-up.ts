import { describePolicy, selectExperiences } from '@codex-orchestrator/experience-store';
import type { FetchResult, Selection } from '@codex-orchestrator/experience-store';

import { readExperienceOptions } from '../../experience/experience-options.js';
import { openStore } from '../../experience/open-store.js';
import { candidateCount, usualMinReward } from '../../experience/selection-rules.js';
import { given } from '../../given.js';
import type { Io } from '../../io.js';
import { printable } from '../../render/printable.js';
import { findTasks, requireDomain } from './experience-scope.js';

/** The flags that look-ups have in common. */
export interface LookUpFlags {
  readonly domain: string | undefined;
  readonly limit: number | undefined;
  readonly minReward: number | undefined;
  readonly policy: 'competitive' | 'diverse' | 'top' | undefined;
  readonly maxTokens?: number | undefined;
  readonly task: string | undefined;
  readonly allTasks: boolean | undefined;
}

export interface LookUp {
  readonly selection: Selection;
  /** What both commands say of a look-up. */
  readonly described: {
    readonly domain: string;
    readonly task_id: string | null;
    readonly policy: object;
    readonly truncated: boolean;
    readonly source: FetchResult['source'];
    readonly cost: {
      readonly bytes_read: number;
      readonly lines_parsed: number;
      readonly files_opened: number;
    };
    readonly problems: readonly string[];
  };
}

/**
 * Looks a domain up and chooses as for a run. What is wrong with the index is told on stderr.
 *
 * @param considers `chosen`: no more is looked up than can be chosen; `candidates`: those too that are
 * not.
 * @throws CliError `USAGE`; ExperienceError
 */
export async function lookUp(
  flags: LookUpFlags,
  considers: 'candidates' | 'chosen',
  io: Io,
): Promise<LookUp> {
  const { limit = 3, policy = 'top', maxTokens } = flags;
  const domain = requireDomain(flags.domain);
  const options = readExperienceOptions(io.env);
  const { workspace, taskId } = findTasks(flags, io);
  const minReward = flags.minReward ?? usualMinReward(policy, options);
  const isAll = considers === 'candidates' || policy !== 'top' || maxTokens !== undefined;
  using store = await openStore({ workspace, io, options });
  const found = await store.fetchTop({
    domain,
    limit: isAll ? Math.max(limit, candidateCount) : limit,
    ...given({ taskId, minReward: considers === 'chosen' ? minReward : undefined }),
  });
  warnOf(found, io);
  const selection = selectExperiences(found.records, {
    policy,
    slots: limit,
    minReward,
    nowMs: io.clock.nowMs(),
    budget: { maxTokens },
  });
  return { selection, described: describe(domain, taskId, { found, selection }) };
}

function describe(
  domain: string,
  taskId: string | undefined,
  { found, selection }: { readonly found: FetchResult; readonly selection: Selection },
): LookUp['described'] {
  const { truncated, source, cost, problems } = found;
  return {
    domain,
    task_id: taskId ?? null,
    policy: describePolicy(selection.policy),
    truncated,
    source,
    cost: {
      bytes_read: cost.bytesRead,
      lines_parsed: cost.linesParsed,
      files_opened: cost.filesOpened,
    },
    problems,
  };
}

function warnOf({ problems, truncated }: FetchResult, { stderr }: Pick<Io, 'stderr'>): void {
  const budget =
    'a limit ended the look-up early (CODEX_EXPERIENCE_FETCH_MAX_LINES, CODEX_EXPERIENCE_FETCH_MAX_BYTES)';
  for (const problem of [...problems.slice(0, 5), ...(truncated ? [budget] : [])]) {
    stderr.write(`codex-orchestrator: warning: ${printable(problem)}\n`);
  }
}
