/** What an agent used, by its own account. */
export interface AgentUsage {
  /** All tokens: what was sent, cached or not, and what was answered. */
  readonly tokens: number;
  /** 0 where the agent states no cost. */
  readonly costUsd: number;
  readonly toolCalls: number;
}

export const noUsage: AgentUsage = { tokens: 0, costUsd: 0, toolCalls: 0 };
