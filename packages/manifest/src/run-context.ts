/** What a run was given to know before it began, with the names that its record has for it. */
export interface RunContext {
  /** SHA-256 of the instructions for agents that were in force; null where there were none. */
  readonly instructions_hash: string | null;
  readonly instructions_sources: readonly string[];
  readonly prompt_packs: readonly PromptPackUse[];
  /** What was left out, and why. */
  readonly warnings: readonly ContextWarning[];
}

/** A prompt pack, and the experiences that went into the run with it. */
export interface PromptPackUse {
  readonly id: string;
  readonly domain: string;
  /** SHA-256 over its sources. */
  readonly stamp: string;
  readonly experience_slots: number;
  readonly sources: readonly string[];
  /** The lines as they were handed on; absent where there were none. */
  readonly experiences?: readonly string[] | undefined;
  /** Which records they are of, in the same order. */
  readonly experience_ids?: readonly string[] | undefined;
  /** Whether a budget ended the search before everything was looked through. */
  readonly experiences_truncated?: boolean | undefined;
  /** How the experiences were chosen. */
  readonly retrieval_policy?: unknown;
  /** Which ones were chosen, and what spoke against others. */
  readonly retrieval_selection?: unknown;
}

export interface ContextWarning {
  /** Stable name of what was wrong. */
  readonly code: string;
  readonly message: string;
  readonly path?: string | null | undefined;
}
