import { messageOf } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import type {
  FetchResult,
  PromptPack,
  RetrievalSelection,
  Selection,
} from '@codex-orchestrator/experience-store';
import type { ContextWarning, PromptPackUse, RunContext } from '@codex-orchestrator/manifest';
import type { ExperienceConfig } from '@codex-orchestrator/pipeline';

import type { Io } from '../io.js';
import type { Workspace } from '../workspace.js';
import { experienceLine } from './experience-line.js';
import type { ExperienceOptions } from './experience-options.js';
import {
  describePolicy,
  describeSelection,
  loadInstructions,
  loadPacks,
  selectExperiences,
} from './experience-store.js';
import { openStore } from './open-store.js';
import { candidateCount, usualMinReward } from './selection-rules.js';

export interface ContextRequest {
  readonly workspace: Pick<Workspace, 'outDir' | 'root' | 'runsDir'>;
  readonly taskId: TaskId;
  readonly config: ExperienceConfig;
  readonly options: ExperienceOptions;
  readonly io: Pick<Io, 'clock' | 'env'>;
}

/**
 * What a run is given to know: instructions, prompt packs, and for each pack the experiences that its
 * slots are for. The experiences of all packs are looked up at once, those of a domain once. Whatever
 * cannot be used is left out with a warning.
 *
 * @returns undefined where the repository has nothing of the kind
 * @throws ExperienceError `INSTRUCTIONS_INVALID`, `PACK_INVALID` where the configuration is strict
 */
export async function loadRunContext(request: ContextRequest): Promise<RunContext | undefined> {
  const { root } = request.workspace;
  const strict = request.config.strict ?? false;
  const instructions = loadInstructions({ root, strict });
  const { packs, warnings: packWarnings } = loadPacks({ root, strict });
  const warnings = [...instructions.warnings, ...packWarnings].map(warningOf);
  const used = await usePacks(packs, request);
  const all = [...warnings, ...used.warnings];
  if (instructions.hash === null && packs.length === 0 && all.length === 0) return undefined;
  return {
    instructions_hash: instructions.hash,
    instructions_sources: instructions.sources,
    prompt_packs: used.packs,
    warnings: all,
  };
}

interface UsedPacks {
  readonly packs: readonly PromptPackUse[];
  readonly warnings: readonly ContextWarning[];
}

async function usePacks(packs: readonly PromptPack[], request: ContextRequest): Promise<UsedPacks> {
  const asking = packs.filter(({ experienceSlots }) => experienceSlots > 0);
  if (asking.length === 0) return { packs: packs.map((pack) => describePack(pack)), warnings: [] };
  try {
    const results = await lookUp(asking, request);
    const found = new Map(asking.map((pack, at) => [pack, results[at]]));
    return {
      packs: packs.map((pack) => fillPack(pack, found.get(pack), request)),
      warnings: problemsOf(results),
    };
  } catch (error) {
    const message = `The experiences cannot be looked up: ${messageOf(error)}`;
    return {
      packs: packs.map((pack) => describePack(pack)),
      warnings: [{ code: 'EXPERIENCES_UNREADABLE', message }],
    };
  }
}

async function lookUp(
  packs: readonly PromptPack[],
  { taskId, workspace, io, options, config }: ContextRequest,
): Promise<FetchResult[]> {
  using store = await openStore({ workspace, io, options, redact: (text) => text });
  return await store.fetchMany(
    packs.map((pack) => ({
      domain: pack.domain,
      limit: policyOf(pack, config) === 'top' ? pack.experienceSlots : candidateCount,
      taskId,
    })),
  );
}

function fillPack(
  pack: PromptPack,
  found: FetchResult | undefined,
  request: ContextRequest,
): PromptPackUse {
  if (found === undefined) return describePack(pack);
  const { config, options, io } = request;
  const policy = policyOf(pack, config);
  const minReward = pack.minReward ?? config.minReward ?? usualMinReward(policy, options);
  const selection = selectExperiences(found.records, {
    policy,
    slots: pack.experienceSlots,
    minReward,
    nowMs: io.clock.nowMs(),
    budget: { maxTokens: config.maxTokens },
  });
  return {
    ...describePack(pack),
    ...(selection.chosen.length > 0 && {
      experiences: selection.chosen.map((record) => experienceLine(record, selection)),
      experience_ids: selection.chosen.map(({ id }) => id),
    }),
    ...(found.truncated && { experiences_truncated: true }),
    ...(policy !== 'top' && {
      retrieval_policy: describePolicy(selection.policy),
      retrieval_selection: withoutCandidates(describeSelection(selection)),
    }),
  };
}

/** `experience explain` tells of all of them; a record of ten packs would be mostly that. */
function withoutCandidates(selection: RetrievalSelection): Partial<RetrievalSelection> {
  const members = Object.entries(selection).filter(([name]) => name !== 'candidates');
  return Object.fromEntries(members);
}

function describePack({ id, domain, stamp, experienceSlots, sources }: PromptPack): PromptPackUse {
  return {
    id,
    domain,
    stamp,
    experience_slots: experienceSlots,
    sources: sources.map(({ path }) => path),
  };
}

function policyOf({ policy }: PromptPack, config: ExperienceConfig): Selection['policy']['policy'] {
  return policy ?? config.policy ?? 'top';
}

function problemsOf(results: readonly FetchResult[]): ContextWarning[] {
  const sentences = new Set(results.flatMap(({ problems }) => problems));
  return [...sentences].map((message) => ({ code: 'EXPERIENCES_DAMAGED', message }));
}

function warningOf(problem: { code: string; message: string; path: string }): ContextWarning {
  const { code, message, path } = problem;
  return { code, message, path };
}
