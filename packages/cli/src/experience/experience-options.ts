import { readInteger, readNumber } from '@codex-orchestrator/core';
import type { Environment } from '@codex-orchestrator/core';

/** What the environment says about experiences. */
export interface ExperienceOptions {
  /** What a look-up reads at most where no index answers it; a member that is absent is no limit. */
  readonly budgets: { readonly maxLines?: number; readonly maxBytes?: number };
  /** Words that are kept of a lesson. */
  readonly maxWords: number;
  /** The least reward of an experience that is offered to runs. */
  readonly minReward: number;
}

/** A format that others read too has so many words in `summary32`, and no more. */
const mostWords = 32;

/** @throws CoreError `INVALID_ENVIRONMENT` */
export function readExperienceOptions(env: Environment): ExperienceOptions {
  const maxLines = readInteger(env, 'CODEX_EXPERIENCE_FETCH_MAX_LINES', undefined, { min: 1 });
  const maxBytes = readInteger(env, 'CODEX_EXPERIENCE_FETCH_MAX_BYTES', undefined, { min: 1 });
  return {
    budgets: {
      ...(maxLines === undefined ? {} : { maxLines }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
    maxWords: readInteger(env, 'TFGRPO_EXPERIENCE_MAX_WORDS', mostWords, {
      min: 1,
      max: mostWords,
    }),
    minReward: readNumber(env, 'TFGRPO_EXPERIENCE_MIN_REWARD', 0.1),
  };
}
