import type { LoopFacts, StageRecord } from '@codex-orchestrator/manifest';

import { stageWith } from './metrics-entry-manifest.js';

/** A loop that passed in its second iteration. */
export function loopFactsWith(members: Partial<LoopFacts> = {}): LoopFacts {
  return {
    verdict: 'passed',
    agent: 'codex',
    iterations: 2,
    best_iteration: 2,
    input_tokens: 1000,
    cached_input_tokens: 400,
    output_tokens: 234,
    cost_usd: 0.125,
    tool_calls: 7,
    findings: 0,
    branch: null,
    ...members,
  };
}

/** A stage with such a loop; a verdict other than `passed` makes it one that failed. */
export function loopStageWith(
  facts: Partial<LoopFacts> = {},
  members: Partial<StageRecord> = {},
): StageRecord {
  const loop = loopFactsWith(facts);
  return stageWith({
    id: 'rlm',
    kind: 'rlm',
    command: null,
    status: loop.verdict === 'passed' ? 'succeeded' : 'failed',
    summary: `${loop.verdict} after ${String(loop.iterations)} iterations: a reason`,
    loop,
    ...members,
  });
}
