import type { PackProblem, PromptPack } from '@codex-orchestrator/experience-store';

import type { PackAnswer, PackProblemAnswer } from './answers.js';

/** Problems that an answer lists: who has more has one cause for them. */
const listedProblems = 100;

export function describePack(pack: PromptPack): PackAnswer {
  return {
    id: pack.id,
    domain: pack.domain,
    experience_slots: pack.experienceSlots,
    policy: pack.policy,
    min_reward: pack.minReward,
    stamp: pack.stamp,
    is_stamped: pack.isStamped,
    manifest: pack.manifestPath,
    sources: pack.sources.map(({ section, path }) => ({ section, path })),
  };
}

export function describeProblems(problems: readonly PackProblem[]): {
  readonly problems: readonly PackProblemAnswer[];
  readonly problem_count: number;
} {
  return {
    problems: problems
      .slice(0, listedProblems)
      .map(({ code, packId, path, message }) => ({ code, pack: packId, path, message })),
    problem_count: problems.length,
  };
}
