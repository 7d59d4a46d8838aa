import { withFile, writeAll } from '@codex-orchestrator/core';
import type { CommandResult } from '@codex-orchestrator/exec';
import type { LoopFacts } from '@codex-orchestrator/manifest';
import { join } from 'node:path';

import type { LoopEnd, LoopStage, RunLoop } from '../src/index.js';

export interface FakeLoop {
  /** Number of its last iteration. @default 2 */
  readonly until?: number;
  /** What an iteration runs. @default prints its number */
  readonly lineOf?: (n: number) => string;
  /** @default none */
  readonly end?: Partial<LoopEnd>;
  /** @default nobody */
  readonly onStart?: (stage: LoopStage) => void;
}

/** A loop that keeps the rules: processes, files, one record per iteration, a state that changes. */
export function fakeLoop(fake: FakeLoop = {}): RunLoop {
  const { until = 2, lineOf = (n) => `echo turn ${n}`, end, onStart } = fake;
  return async (stage) => {
    onStart?.(stage);
    let done = stage.history?.iterations.length ?? 0;
    stage.begin({ goal: stage.config.goal, until });
    stage.tell('the loop begins');
    while (done < until && !stage.signal.aborted) {
      const n = done + 1;
      writeFile(stage, `rlm/iterations/${n}/prompt.md`, `Iteration ${n}\n`);
      const logPath = join(stage.layout.runDir, `rlm/iterations/${n}/agent.log`);
      const result = await stage.run(lineOf(n), { logPath });
      if (result.outcome.kind === 'cancelled') break;
      const { exitCode } = result.outcome;
      stage.iterated(n, { n, exitCode, said: result.stdout.text.trim() }, logOf(n, result));
      done = n;
      writeFile(stage, 'rlm/state.json', JSON.stringify({ done }));
      stage.tell(`iteration ${n} is over`);
    }
    const isOver = done >= until;
    return {
      status: isOver ? 'succeeded' : 'cancelled',
      exitCode: isOver ? 0 : 130,
      verdict: isOver ? 'passed' : 'cancelled',
      summary: `${done} iterations`,
      notes: [],
      artifacts: [],
      facts: { ...loopFacts, iterations: done },
      ...end,
    };
  };
}

export const loopFacts: LoopFacts = {
  verdict: 'passed',
  agent: 'command',
  iterations: 2,
  best_iteration: null,
  input_tokens: 10,
  cached_input_tokens: 0,
  output_tokens: 1,
  cost_usd: 0.5,
  tool_calls: 0,
  findings: 0,
  branch: null,
};

function logOf(n: number, { log }: CommandResult) {
  if (log?.sha256 === undefined) return [];
  return [{ path: `rlm/iterations/${n}/agent.log`, bytes: log.bytes, sha256: log.sha256 }];
}

function writeFile({ layout, fs }: LoopStage, name: string, text: string): void {
  const path = join(layout.runDir, name);
  fs.mkdir(join(path, '..'), { recursive: true });
  withFile(fs, { path, flags: 'w' }, (fd) => {
    writeAll(fs, fd, Buffer.from(text));
  });
}
