import type { AgentSettings } from '../agent/agent.js';
import type { Validator } from '../validator/validator.js';

export const loopRoles = ['single', 'triad'] as const;
export type LoopRoles = (typeof loopRoles)[number];

export const isolations = ['none', 'worktree'] as const;
export type Isolation = (typeof isolations)[number];

export const tamperPolicies = ['report', 'refuse'] as const;
export type TamperPolicy = (typeof tamperPolicies)[number];

/** A loop with everything resolved that can be known before its first turn. */
export interface LoopSettings {
  readonly goal: string;
  readonly agent: AgentSettings;
  /** Those that judge each iteration; empty where nobody does. */
  readonly validators: readonly Validator[];
  readonly roles: LoopRoles;
  /** Whether the agent is told that it may use subagents. */
  readonly subagents: boolean;
  readonly isolation: Isolation;
  /** Globs of the files that decide what a validator says, relative to the root. */
  readonly protect: readonly string[];
  /** What a change to one of them means. */
  readonly onTamper: TamperPolicy;
  readonly limits: LoopLimits;
  /** Iterations in the same place after which the loop counts as stalled, from 1. */
  readonly stallAfter: number;
}

/** Null means no limit. */
export interface LoopLimits {
  readonly maxIterations: number | null;
  readonly maxMinutes: number | null;
  /** Longest turn of an agent. */
  readonly turnTimeoutMs: number | null;
  /** Longest time of a turn without a sign of progress. */
  readonly silenceTimeoutMs: number | null;
  readonly maxCostUsd: number | null;
  readonly maxTokens: number | null;
  /** Turns in a row that did not complete. */
  readonly maxConsecutiveErrors: number;
  /** Bytes that one turn may print. */
  readonly maxOutputBytes: number;
}
