import type { Usage } from '../agent/agent.js';

export const noUsage: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
};

export function addUsage(one: Usage, other: Usage): Usage {
  return {
    inputTokens: addCounts(one.inputTokens, other.inputTokens),
    cachedInputTokens: addCounts(one.cachedInputTokens, other.cachedInputTokens),
    outputTokens: addCounts(one.outputTokens, other.outputTokens),
    costUsd: one.costUsd + other.costUsd,
  };
}

/** No record takes a count that is not exact any more, whatever an agent says of itself. */
function addCounts(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}
