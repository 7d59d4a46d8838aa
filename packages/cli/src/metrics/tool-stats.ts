import type { StageRecord, StageStatus } from '@codex-orchestrator/manifest';
import type { MetricsEntry, ToolMetrics } from '@codex-orchestrator/metrics';

import { noUsage } from './agent-usage.js';
import type { AgentUsage } from './agent-usage.js';
import { commandProgram } from './command-program.js';

type ToolMembers = Required<
  Pick<MetricsEntry, 'cost_usd' | 'latency_ms' | 'token_total' | 'tool_calls' | 'tool_stats'>
>;

/**
 * What the commands of a run came to, together and by program, in the order in which programs first
 * stand in the run. Each attempt of a command is a call, and so are each iteration of an agent loop and
 * each use of a tool that an agent tells of. Subpipelines count in their own runs.
 */
export function toolMembers(
  stages: readonly StageRecord[],
  usage: ReadonlyMap<string, AgentUsage>,
): ToolMembers {
  const tools = new Map<string, Tool>();
  let toolCalls = 0;
  for (const stage of stages) {
    const { id, duration_ms, status } = stage;
    const { program, attempts } = programOf(stage);
    if (program === undefined || attempts === 0) continue;
    const tool = tools.get(program) ?? blankTool();
    const used = usage.get(id) ?? noUsage;
    tools.set(program, tool);
    tool.tokens += used.tokens;
    tool.costUsd += used.costUsd;
    tool.latencyMs += Math.round(duration_ms ?? 0);
    tool.attempts += attempts;
    tool.status = worse(tool.status, status);
    toolCalls += attempts + used.toolCalls;
  }
  const stats = Array.from(tools, ([program, tool]) => describeTool(program, tool));
  return {
    tool_calls: toolCalls,
    token_total: sum(stats.map(({ tokens }) => tokens)),
    cost_usd: roundCost(sum(stats.map(({ cost_usd }) => cost_usd))),
    latency_ms: sum(stats.map(({ latency_ms }) => latency_ms)),
    tool_stats: stats,
  };
}

/** What a stage ran, and how often; undefined for one that ran nothing itself. */
function programOf({ kind, command, attempts, loop }: StageRecord): {
  readonly program: string | undefined;
  readonly attempts: number;
} {
  if (kind === 'rlm') return { program: loop?.agent, attempts: loop?.iterations ?? 0 };
  return { program: command === null ? undefined : commandProgram(command), attempts };
}

type ToolStats = {
  readonly [Name in Exclude<keyof ToolMetrics, 'sandbox_state'>]-?: NonNullable<ToolMetrics[Name]>;
};

interface Tool {
  tokens: number;
  costUsd: number;
  latencyMs: number;
  attempts: number;
  status: StageStatus;
}

/** From bad to good: a program is as good as its worst stage. */
const ranking: readonly StageStatus[] = [
  'failed',
  'interrupted',
  'cancelled',
  'running',
  'pending',
  'skipped',
  'succeeded',
];

function worse(one: StageStatus, other: StageStatus): StageStatus {
  return ranking.indexOf(one) <= ranking.indexOf(other) ? one : other;
}

function blankTool(): Tool {
  return { tokens: 0, costUsd: 0, latencyMs: 0, attempts: 0, status: 'succeeded' };
}

function describeTool(
  tool: string,
  { tokens, costUsd, latencyMs, attempts, status }: Tool,
): ToolStats {
  const cost_usd = roundCost(costUsd);
  return { tool, tokens, cost_usd, latency_ms: latencyMs, attempts, status };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** To a millionth of a dollar. */
function roundCost(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
