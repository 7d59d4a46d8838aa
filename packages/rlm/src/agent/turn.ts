import type { Usage } from './agent.js';

/** How a turn came to its end. Only a `completed` one counts as work on the goal. */
export const turnOutcomes = [
  /** The terminal event said that all went well. */
  'completed',
  /** The terminal event, or the exit code of a program without events, said that it did not. */
  'failed',
  /** The process ended, with whatever exit code, and there was no terminal event. */
  'aborted-without-terminal-event',
  'timed-out',
  /** No sign of progress for too long. */
  'silent',
  /** More output than allowed. */
  'output-limit',
  /** The tokens or the money of the loop were used up in mid-turn. */
  'budget-limit',
  'cancelled',
  'spawn-failed',
] as const;
export type TurnOutcome = (typeof turnOutcomes)[number];

export const turnRoles = ['agent', 'planner', 'worker', 'critic'] as const;
export type TurnRole = (typeof turnRoles)[number];

/** One call of an agent as it ended. Texts have no secrets in them. Paths are relative to the loop's folder. */
export interface Turn {
  readonly role: TurnRole;
  readonly outcome: TurnOutcome;
  /** One sentence on the outcome where it is not `completed`; null else. */
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** The last thing it said, at most 16 KiB unless more was asked for; null when it said nothing. */
  readonly message: string | null;
  readonly sessionId: string | null;
  readonly usage: Usage;
  readonly toolCalls: number;
  /** What it was kept from doing, at most 20, one sentence each. */
  readonly denials: readonly string[];
  /** What it reported as errors, at most 20. */
  readonly errors: readonly string[];
  /** Whether its process was still there some time after the terminal event, and was ended. */
  readonly lingered: boolean;
  readonly promptPath: string;
  readonly logPath: string | null;
  readonly eventsPath: string | null;
}
