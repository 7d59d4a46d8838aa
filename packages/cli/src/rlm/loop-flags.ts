import type { FlagValues } from '../arguments/flags.js';

/** The flags of an agent loop, whichever command starts it. */
export const loopFlags = {
  goal: {
    kind: 'text',
    placeholder: 'text',
    description: 'What the agent is to reach (else RLM_GOAL, else the config)',
  },
  validator: {
    kind: 'text',
    placeholder: 'command',
    description:
      'Command that judges each iteration; auto: find one (default); none: nobody judges',
  },
  agent: {
    kind: 'text',
    placeholder: 'name',
    description:
      'codex, claude, gemini, qwen, opencode or command (default: the first that is installed)',
  },
  roles: {
    kind: 'text',
    placeholder: 'single|triad',
    description: 'triad: a planner, a worker and a critic in each iteration (default single)',
  },
  isolation: {
    kind: 'text',
    placeholder: 'none|worktree',
    description: 'worktree: work in a git worktree, the result is a branch (default none)',
  },
  maxIterations: {
    kind: 'text',
    placeholder: 'n',
    description: 'Most iterations; 0 or unlimited: no limit (default 88)',
  },
  maxMinutes: {
    kind: 'text',
    placeholder: 'n',
    description: 'Most minutes of the whole loop; 0: no limit (default 2880)',
  },
  maxCostUsd: {
    kind: 'text',
    placeholder: 'usd',
    description: 'Most that the agent may cost by its own account (default: no limit)',
  },
  maxTokens: {
    // As of every flag of this name.
    kind: 'integer',
    placeholder: 'n',
    minimum: 1,
    maximum: 1_000_000_000_000,
    description: 'Most tokens, of input and output together (default: no limit)',
  },
} as const;

/** What the flags say, as it was typed: the loop itself reads the texts, and names what is wrong. */
export type LoopFlags = Partial<Record<keyof typeof loopFlags, string | undefined>>;

/** The flags of the loop alone, out of those of a command. */
export function pickLoopFlags(flags: Partial<FlagValues<typeof loopFlags>>): LoopFlags {
  const { goal, validator, agent, roles, isolation } = flags;
  const { maxIterations, maxMinutes, maxCostUsd } = flags;
  const maxTokens = flags.maxTokens === undefined ? undefined : String(flags.maxTokens);
  return {
    goal,
    validator,
    agent,
    roles,
    isolation,
    maxIterations,
    maxMinutes,
    maxCostUsd,
    maxTokens,
  };
}
