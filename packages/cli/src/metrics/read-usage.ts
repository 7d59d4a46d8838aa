import { basename, join } from 'node:path';

import { messageOf, nodeFileSystem, visitLines } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import type { Manifest, RunLayout, StageRecord } from '@codex-orchestrator/manifest';
import type { MeteredAgent, UsageCounter } from '@codex-orchestrator/rlm';

import { noUsage } from './agent-usage.js';
import type { AgentUsage } from './agent-usage.js';
import { commandProgram } from './command-program.js';

export interface UsageReading {
  /** By the id of the stage; stages without an agent have none. */
  readonly usage: ReadonlyMap<string, AgentUsage>;
  /** Logs that could not be read. */
  readonly problems: readonly string[];
}

/** More than a log can have; a line of it that is longer tells of no usage. */
const maxLogBytes = 128 * 1024 * 1024;
const maxLineBytes = 4 * 1024 * 1024;

/**
 * What the agents of a run say that they used, from the logs of their stages and those of earlier
 * attempts; of a loop, from its record. Reads nothing where no stage ran an agent. Never rejects.
 */
export async function readAgentUsage(
  { commands }: Pick<Manifest, 'commands'>,
  layout: Pick<RunLayout, 'commandsDir' | 'relative'>,
  fs: FileSystem = nodeFileSystem,
): Promise<UsageReading> {
  const usage = new Map<string, AgentUsage>();
  const problems: string[] = [];
  for (const stage of commands) {
    if (stage.kind === 'rlm') {
      usage.set(stage.id, usageOfLoop(stage));
      continue;
    }
    const agent = agentOf(stage);
    if (agent === undefined) continue;
    let used = noUsage;
    for (const name of logNames(stage)) {
      const path = join(layout.commandsDir, name);
      const counter = await createCounter(agent);
      try {
        await readLog(path, counter, fs);
      } catch (error) {
        problems.push(`usage in ${layout.relative(path)} is not counted: ${messageOf(error)}`);
      }
      used = withCounted(used, counter);
    }
    usage.set(stage.id, used);
  }
  return { usage, problems };
}

/** A loop has read the events of its agent itself. */
function usageOfLoop({ loop }: StageRecord): AgentUsage {
  if (loop == null) return noUsage;
  const { input_tokens: sent, output_tokens: answered, cost_usd: costUsd, tool_calls } = loop;
  return { tokens: sent + answered, costUsd, toolCalls: tool_calls };
}

function agentOf({ command, attempts }: StageRecord): MeteredAgent | undefined {
  if (command === null || attempts === 0) return undefined;
  const program = commandProgram(command);
  return isMetered(program) ? program : undefined;
}

/** Named here as well, so that a run without an agent loads nothing of the loop. */
const metered: Readonly<Record<MeteredAgent, true>> = {
  claude: true,
  codex: true,
  gemini: true,
  opencode: true,
  qwen: true,
};

function isMetered(program: string): program is MeteredAgent {
  return Object.hasOwn(metered, program);
}

async function createCounter(agent: MeteredAgent): Promise<UsageCounter> {
  const { UsageCounter } = await import('../loop-library.js');
  return new UsageCounter(agent);
}

/** A log lies in the folder of logs, whatever the record says. */
function logNames({ log_path, attempts }: StageRecord): string[] {
  if (log_path === null) return [];
  const last = basename(log_path);
  const stem = last.replace(/\.log$/, '');
  const earlier = Array.from({ length: attempts - 1 }, (_, at) => `${stem}.attempt-${at + 1}.log`);
  return [...earlier, last];
}

function withCounted(used: AgentUsage, { usage, toolCalls }: UsageCounter): AgentUsage {
  return {
    tokens: used.tokens + usage.inputTokens + usage.outputTokens,
    costUsd: used.costUsd + usage.costUsd,
    toolCalls: used.toolCalls + toolCalls,
  };
}

async function readLog(path: string, counter: UsageCounter, fs: FileSystem): Promise<void> {
  if (!isFile(path, fs)) return;
  const summary = await visitLines(
    path,
    (line) => {
      counter.add(line.text);
    },
    { fs, maxLineBytes, maxBytes: maxLogBytes },
  );
  if (summary.truncated) throw new Error('it is too long');
}

/** An attempt that could not start has none; anything but a file might never end. */
function isFile(path: string, fs: FileSystem): boolean {
  try {
    return fs.lstat(path).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
