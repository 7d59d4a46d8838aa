import { expect, test } from 'vitest';

import { configSchemas } from '../src/config-schema.js';
import { findUnknownKeys } from '../src/unknown-keys.js';
import {
  isWellFormedFrame,
  isWellFormedPipeline,
  isWellFormedStageSet,
} from '../src/well-formed.js';
import { createSeededRandom } from './seeded-random.js';
import type { SeededRandom } from './seeded-random.js';

/** Every member of every kind of stage once, so that each of them gets changed. */
const fullPipeline = {
  id: 'p',
  title: 'P',
  description: '',
  tags: ['a'],
  guardrailsRequired: false,
  maxParallel: 4,
  deadlineMs: 1000,
  metadata: { any: [null] },
  stages: [
    {
      kind: 'command',
      id: 'a',
      title: 'A',
      needs: ['b'],
      command: 'true',
      cwd: 'sub',
      env: { A: 'x', B: '' },
      allowFailure: true,
      summaryHint: 'done',
      timeoutMs: 1,
      silenceTimeoutMs: 2_147_483_647,
      retries: { max: 1, backoffMs: 0, factor: 1.5, exitCodes: [1, 255] },
      inputs: ['src/**', '!src/x'],
      session: { id: 's', reuse: true, persist: false },
      plan: {
        runnable: true,
        defaultTarget: true,
        default: true,
        primary: true,
        aliases: ['x'],
        requiresCloud: false,
        requires_cloud: false,
        executionMode: 'cloud',
      },
      executionMode: 'cloud',
      execution_mode: 'cloud',
      mode: 'mcp',
      requiresCloud: true,
      requires_cloud: true,
    },
    { kind: 'command', id: 'c', command: ['node', '-e', ''], retries: 3, needs: [] },
    { kind: 'subpipeline', id: 'b', title: 'B', pipeline: 'q', optional: true, mode: 'x' },
    { kind: 'stage-set', ref: 'set', needs: ['a'] },
    {
      kind: 'gate',
      id: 'e',
      title: 'E',
      needs: ['a'],
      gate: 'diff-budget',
      dryRun: true,
      env: { A: 'x' },
      allowFailure: true,
      plan: { runnable: true },
      mode: 'x',
    },
    {
      kind: 'rlm',
      id: 'd',
      title: 'D',
      needs: ['a'],
      goal: 'g',
      agent: 'command',
      program: 'x',
      agentArgs: ['-m', ''],
      agentTemplate: 'x {prompt_file}',
      agentSpeaks: 'codex',
      validators: ['x', ['node', '-e', ''], { name: 'lint-1', command: 'x', timeoutMs: 1 }],
      validatorTimeoutMs: 1,
      roles: 'single',
      subagents: false,
      maxIterations: 0,
      maxMinutes: 0.5,
      turnTimeoutMs: 0,
      silenceTimeoutMs: 0,
      maxCostUsd: 0.5,
      maxTokens: 1,
      maxConsecutiveErrors: 1,
      maxOutputBytes: 1,
      stallAfter: 1,
      isolation: 'none',
      protect: ['x'],
      onTamper: 'report',
      env: { A: 'x' },
      allowFailure: true,
      plan: { runnable: true },
      mode: 'x',
    },
  ],
};

const fullGates = {
  'spec-guard': { code: ['src/**'], specs: ['x'], index: 'x', maxAgeDays: 0, base: 'main' },
  'docs-check': { documents: ['x'], ignoreReferences: [], tasksFile: 'x', tasksMaxLines: 1 },
  'docs-freshness': { registry: 'x', documents: ['x'], cadenceDays: 1, owner: 'x' },
  'diff-budget': { maxFiles: 0, maxLines: 0, ignore: ['x'], base: 'x', maxUntrackedBytes: 0 },
  'delegation-guard': { index: 'x', minRuns: 1 },
  review: {
    agent: 'command',
    program: 'x',
    agentArgs: [''],
    agentTemplate: 'x',
    timeoutMs: 1,
    maxPromptBytes: 16_384,
    failOn: 'low',
    allowUnreviewed: true,
  },
  'tasks-sync': { index: 'x', mirrors: 'x', tasksFile: 'x' },
  'evidence-check': { documents: ['x'] },
  'instruction-stamps': { files: ['x'] },
};

const odd = [
  null,
  0,
  -1,
  1.5,
  256,
  2_147_483_648,
  '',
  'x',
  true,
  [],
  [''],
  ['x'],
  [1],
  {},
  { x: 1 },
  'constructor',
  'command',
] as const;

test('a config with every member is accepted without the schema', () => {
  expect(isWellFormedPipeline(fullPipeline)).toBe(true);
  expect(isWellFormedStageSet(fullPipeline.stages)).toBe(true);
});

test('what is called well-formed is what the schema accepts without a warning', () => {
  const { pipeline } = configSchemas();
  let accepted = 0;
  for (let seed = 0; seed < 3000; seed++) {
    const value = mutate(fullPipeline, createSeededRandom(seed));
    if (hasNumericEnv(value)) continue;
    const parsed = pipeline.safeParse(value);
    const isRight = parsed.success && findUnknownKeys(pipeline, value, '').length === 0;
    // Thousands of times right: the sentence is only made for the one that is wrong.
    if (isWellFormedPipeline(value) !== isRight) {
      expect.fail(`seed ${seed}: ${isRight ? 'is' : 'is not'} right: ${JSON.stringify(value)}`);
    }
    if (!isRight) continue;
    accepted++;
    expect(parsed.data).toEqual(value);
  }
  expect(accepted).toBeGreaterThan(100);
});

test('the frame of a file is judged in the same way', () => {
  const { file } = configSchemas();
  const rule = { pipelines: ['p'], when: ['failed'], domain: '{stage}', lesson: { file: 'a.md' } };
  const experiences = {
    strict: true,
    policy: 'diverse',
    minReward: -0.5,
    maxTokens: 1,
    record: [rule, { lesson: 'notes' }],
  };
  const frame = {
    $schema: './x.json',
    defaultPipeline: 'p',
    stageSets: {},
    pipelines: [],
    experiences,
    gates: fullGates,
  };
  expect(isWellFormedFrame(frame)).toBe(true);
  for (let seed = 0; seed < 2000; seed++) {
    const value = mutate(frame, createSeededRandom(seed));
    if (!isWellFormedFrame(value)) continue;
    const bare = { ...(value as object), pipelines: [], stageSets: {} };
    expect(file.safeParse(bare).success, `seed ${seed}: ${JSON.stringify(value)}`).toBe(true);
    expect(findUnknownKeys(file, bare, '')).toEqual([]);
  }
});

/** Numbers and booleans as variables take the long way: right, but rare. */
function hasNumericEnv(value: unknown): boolean {
  return /"env":\{[^}]*:(?:\d|-|true|false)/.test(JSON.stringify(value));
}

/** Changes one place: another value, a member less, a member more. */
function mutate(value: unknown, random: SeededRandom): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.05)) return random.pick(odd);
  const keys = Object.keys(value);
  if (keys.length === 0) return random.pick(odd);
  const key = keys[random.below(keys.length)] ?? '';
  if (Array.isArray(value)) {
    const copy: unknown[] = [...(value as unknown[])];
    copy[Number(key)] = mutate(copy[Number(key)], random);
    return copy;
  }
  const copy = { ...value } as Record<string, unknown>;
  if (random.chance(0.2))
    return Object.fromEntries(Object.entries(copy).filter(([name]) => name !== key));
  if (random.chance(0.1)) copy['extra'] = 1;
  else copy[key] = mutate(copy[key], random);
  return copy;
}
