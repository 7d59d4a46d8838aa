import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs a loop whose agent and validator are lines for the shell, in a folder without a repository, with
 * nothing around it that costs anything.
 *
 * @param {import('@codex-orchestrator/bench').GuardContext} context
 * @param {{ iterations: number, agent?: string, fs?: unknown, name?: string }} options
 */
export async function runPlainLoop(
  { load, folder },
  { iterations, agent = 'true', fs, name = 'loop' },
) {
  const { nodeFileSystem, systemClock, systemRandom } = await load('@codex-orchestrator/core');
  const { runCommand } = await load('@codex-orchestrator/exec');
  const { runLoop } = await load('@codex-orchestrator/rlm');
  const root = join(folder, name);
  mkdirSync(root);
  const processes = [];
  const outcome = await runLoop(settingsOf(iterations, agent), {
    root,
    loopDir: join(root, 'rlm'),
    scratchDir: join(root, 'scratch'),
    branch: 'rlm/bench',
    ignoredPaths: ['rlm', 'scratch'],
    lessons: [],
    environment: { PATH: process.env.PATH },
    signal: new AbortController().signal,
    fs: fs ?? nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    redact: (text) => text,
    runProcess: (command, { onRawOutput, onOutput, ...options }) => {
      processes.push(command);
      return runCommand(command, {
        ...options,
        ...(fs === undefined ? {} : { fs }),
        onOutput: (output) => {
          onRawOutput?.(output);
          onOutput?.(output);
        },
      });
    },
    begin: () => undefined,
    iterated: () => Promise.resolve(),
    tell: () => undefined,
  });
  if (outcome.iterations.length !== iterations) {
    throw new Error(`Expected ${iterations} iterations, got ${outcome.iterations.length}`);
  }
  return { outcome, processes: processes.length };
}

function settingsOf(iterations, agent) {
  return {
    goal: 'Measure what an iteration costs',
    agent: { name: 'command', args: [], template: agent },
    validators: [{ name: 'check', command: 'false', timeoutMs: 60_000 }],
    roles: 'single',
    subagents: false,
    isolation: 'none',
    protect: [],
    onTamper: 'report',
    stallAfter: 1_000_000,
    limits: {
      maxIterations: iterations,
      maxMinutes: null,
      turnTimeoutMs: null,
      silenceTimeoutMs: null,
      maxCostUsd: null,
      maxTokens: null,
      maxConsecutiveErrors: 3,
      maxOutputBytes: 1_000_000_000_000,
    },
  };
}
