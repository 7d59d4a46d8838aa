import type { Usage } from '../../src/agent/agent.js';
import type { Turn } from '../../src/agent/turn.js';
import type { Iteration } from '../../src/loop/iteration.js';
import type { LoopSettings } from '../../src/settings/loop-settings.js';
import type { Judgement } from '../../src/validator/validator.js';

export const someUsage: Usage = {
  inputTokens: 100,
  cachedInputTokens: 40,
  outputTokens: 10,
  costUsd: 0.5,
};

export function sampleTurn(parts: Partial<Turn> = {}): Turn {
  return {
    role: 'agent',
    outcome: 'completed',
    reason: null,
    exitCode: 0,
    durationMs: 1000,
    message: 'I changed the parser.\nsummary: changed the parser',
    sessionId: null,
    usage: someUsage,
    toolCalls: 3,
    denials: [],
    errors: [],
    lingered: false,
    promptPath: 'iterations/1/prompt.md',
    logPath: 'iterations/1/agent.log',
    eventsPath: null,
    ...parts,
  };
}

export function sampleJudgement(parts: Partial<Judgement> = {}): Judgement {
  return {
    name: 'npm-test',
    command: 'npm test',
    outcome: 'failed',
    exitCode: 1,
    durationMs: 2000,
    logPath: 'validator-1.log',
    fingerprint: 'f1',
    tail: 'expected 1, got 2',
    ...parts,
  };
}

export function passedJudgement(parts: Partial<Judgement> = {}): Judgement {
  return sampleJudgement({ outcome: 'passed', exitCode: 0, fingerprint: 'ok', tail: '', ...parts });
}

/** An iteration that completed, changed something and failed its only validator. */
export function sampleIteration(n: number, parts: Partial<Iteration> = {}): Iteration {
  const turns = parts.turns ?? [sampleTurn()];
  return {
    n,
    startedAt: '2030-01-01T00:00:00.000Z',
    summary: 'changed the parser',
    validatorExitCode: 1,
    validatorLogPath: `.runs/t/cli/r/rlm/validator-${n}.log`,
    diffSummary: ' src/a.ts | 2 +-',
    completedAt: '2030-01-01T00:01:00.000Z',
    durationMs: 60_000,
    completed: turns.every(({ outcome }) => outcome === 'completed'),
    turns,
    validators: [sampleJudgement({ fingerprint: `f${n}` })],
    treeBefore: `tree-${n - 1}`,
    treeAfter: `tree-${n}`,
    diff: null,
    tampered: [],
    findings: 0,
    strays: 0,
    ...parts,
  };
}

export function sampleSettings(
  parts: Partial<Omit<LoopSettings, 'limits'>> & { limits?: Partial<LoopSettings['limits']> } = {},
): LoopSettings {
  const { limits, ...rest } = parts;
  return {
    goal: 'make the tests pass',
    agent: { name: 'codex', args: [] },
    validators: [{ name: 'npm-test', command: 'npm test', timeoutMs: 1000 }],
    roles: 'single',
    subagents: false,
    isolation: 'none',
    protect: [],
    onTamper: 'report',
    stallAfter: 3,
    ...rest,
    limits: {
      maxIterations: 88,
      maxMinutes: 2880,
      turnTimeoutMs: 3_600_000,
      silenceTimeoutMs: 600_000,
      maxCostUsd: null,
      maxTokens: null,
      maxConsecutiveErrors: 3,
      maxOutputBytes: 1_073_741_824,
      ...limits,
    },
  };
}
