import { createSeededRandom } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import { readLoopSettings } from '../../src/settings/read-loop-settings.js';
import type { LoopSettingSources } from '../../src/settings/read-loop-settings.js';
import type { LoopSettings } from '../../src/settings/loop-settings.js';
import type { SettingsProblem } from '../../src/settings/settings-problem.js';
import type { Detection } from '../../src/validator/validator.js';

const found: Detection = { kind: 'found', command: 'npm test', reason: 'package.json' };
const installed = [
  { name: 'codex', path: '/usr/bin/codex' },
  { name: 'claude', path: '/usr/bin/claude' },
] as const;

interface Given extends Partial<LoopSettingSources> {
  readonly detection?: Detection;
  readonly agents?: typeof installed | readonly [];
}

function read({ detection = found, agents = installed, ...sources }: Given) {
  return readLoopSettings(
    { flags: {}, environment: {}, config: {}, ...sources },
    { installed: agents, detection },
  );
}

function settingsOf(given: Given): LoopSettings {
  const result = read({ ...given, flags: { goal: 'faster', ...given.flags } });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function problemOf(given: Given): SettingsProblem {
  const result = read(given);
  if (result.ok) throw new Error('Expected a problem');
  return result.error;
}

test('a goal alone is enough', () => {
  expect(settingsOf({})).toEqual({
    goal: 'faster',
    agent: { name: 'codex', args: [] },
    validators: [{ name: 'npm-test', command: 'npm test', timeoutMs: 1_800_000 }],
    roles: 'single',
    subagents: false,
    isolation: 'none',
    protect: [],
    onTamper: 'report',
    stallAfter: 3,
    limits: {
      maxIterations: 88,
      maxMinutes: 2880,
      turnTimeoutMs: 3_600_000,
      silenceTimeoutMs: 600_000,
      maxCostUsd: null,
      maxTokens: null,
      maxConsecutiveErrors: 3,
      maxOutputBytes: 1_073_741_824,
    },
  });
});

test('a flag counts before a variable, that before the configuration', () => {
  const config = { maxIterations: 3, roles: 'triad', maxTokens: 9, stallAfter: 5 };
  const environment = { RLM_MAX_ITERATIONS: '4', RLM_MAX_TOKENS: '8', RLM_ROLES: '' };
  const settings = settingsOf({ config, environment, flags: { maxIterations: '5' } });
  expect(settings.limits).toMatchObject({ maxIterations: 5, maxTokens: 8 });
  expect(settings).toMatchObject({ roles: 'triad', stallAfter: 5 });
});

describe('iterations', () => {
  const taken: readonly (readonly [string, number | null])[] = [
    ['7', 7],
    [' 7 ', 7],
    ['+7', 7],
    ['0', null],
    ['00', null],
    ['unlimited', null],
    [' Unbounded ', null],
    ['INFINITE', null],
    ['infinity', null],
    ['', 88],
    ['  ', 88],
  ];
  test.each(taken)('RLM_MAX_ITERATIONS=%j means %j', (text, expected) => {
    const { limits } = settingsOf({ environment: { RLM_MAX_ITERATIONS: text } });
    expect(limits.maxIterations).toBe(expected);
  });

  test.each(['2x', '-1', '1.5', '1e3', '0x10', 'forever', 'NaN', '٣', '1 2', '9'.repeat(400)])(
    'RLM_MAX_ITERATIONS=%j is refused by name',
    (text) => {
      const problem = problemOf({
        flags: { goal: 'g' },
        environment: { RLM_MAX_ITERATIONS: text },
      });
      expect(problem).toMatchObject({
        status: 'invalid_config',
        code: 'INVALID_NUMBER',
        name: 'RLM_MAX_ITERATIONS',
      });
      expect(problem.message).toContain('RLM_MAX_ITERATIONS to be a whole number from 1');
      expect(problem.message.length).toBeLessThan(300);
    },
  );

  test('an empty flag is refused, as somebody meant something by it', () => {
    const problem = problemOf({ flags: { goal: 'g', maxIterations: '' } });
    expect(problem).toMatchObject({ code: 'INVALID_NUMBER', name: '--max-iterations' });
  });
});

test('minutes may have decimals, and 0 means none', () => {
  expect(settingsOf({ flags: { maxMinutes: '0.5' } }).limits.maxMinutes).toBe(0.5);
  expect(settingsOf({ flags: { maxMinutes: '0' } }).limits.maxMinutes).toBeNull();
  expect(settingsOf({ config: { maxMinutes: 0 } }).limits.maxMinutes).toBeNull();
  expect(problemOf({ flags: { goal: 'g', maxMinutes: '-1' } }).name).toBe('--max-minutes');
});

test('a cost of 0 is refused and not taken for no limit', () => {
  expect(problemOf({ flags: { goal: 'g', maxCostUsd: '0' } })).toMatchObject({
    code: 'INVALID_NUMBER',
    name: '--max-cost-usd',
  });
  expect(settingsOf({ flags: { maxCostUsd: 'unlimited' } }).limits.maxCostUsd).toBeNull();
  expect(settingsOf({ flags: { maxCostUsd: '.25' } }).limits.maxCostUsd).toBe(0.25);
});

test('problems are found in the order goal, roles, iterations, minutes, validator, agent, others', () => {
  const flags: Record<string, string> = {
    goal: ' ',
    roles: 'duet',
    maxIterations: '2x',
    maxMinutes: 'x',
    validator: '',
    agent: 'copilot',
    isolation: 'vm',
    maxTokens: 'many',
  };
  const good: Record<string, string> = {
    goal: 'g',
    roles: 'triad',
    maxIterations: '2',
    maxMinutes: '3',
    validator: 'none',
    agent: 'codex',
    isolation: 'worktree',
    maxTokens: '1',
  };
  const names: string[] = [];
  for (const name of Object.keys(flags)) {
    names.push(problemOf({ flags }).name);
    flags[name] = good[name] ?? '';
  }
  expect(read({ flags }).ok).toBe(true);
  expect(names).toEqual([
    '--goal',
    '--roles',
    '--max-iterations',
    '--max-minutes',
    '--validator',
    '--agent',
    '--isolation',
    '--max-tokens',
  ]);
});

test('a loop that would never end is refused', () => {
  const flags = { goal: 'g', validator: 'none', maxIterations: '0', maxMinutes: '0' };
  expect(problemOf({ flags })).toMatchObject({ status: 'invalid_config', code: 'UNBOUNDED_LOOP' });
  expect(read({ flags: { ...flags, maxMinutes: '1' } }).ok).toBe(true);
  expect(read({ flags: { ...flags, validator: 'npm test' } }).ok).toBe(true);
});

test('a goal that no prompt has room for is refused', () => {
  expect(problemOf({ flags: { goal: 'ä'.repeat(9000) } })).toMatchObject({
    code: 'GOAL_TOO_LONG',
    name: '--goal',
  });
});

test('a change to files that somebody named is refused unless it is said otherwise', () => {
  const config = { protect: ['test/**'] };
  expect(settingsOf({}).onTamper).toBe('report');
  expect(settingsOf({ config }).onTamper).toBe('refuse');
  expect(settingsOf({ config: { ...config, onTamper: 'report' } }).onTamper).toBe('report');
  expect(settingsOf({ environment: { RLM_ON_TAMPER: 'refuse' } }).onTamper).toBe('refuse');
});

describe('a loop that is resumed', () => {
  const earlier = settingsOf({
    flags: { goal: 'first', validator: 'make check', agent: 'claude', maxTokens: '50' },
    config: { protect: ['test/**'], stallAfter: 7, isolation: 'worktree' },
  });

  test('keeps what it was started with', () => {
    const sources = {
      flags: { goal: 'other', validator: 'none', agent: 'codex', isolation: 'none' },
      environment: {},
      config: { roles: 'triad', maxIterations: 1, protect: [], onTamper: 'refuse' },
      earlier,
    };
    // Nothing has to be found on the machine any more.
    const result = readLoopSettings(sources, { installed: [], detection: { kind: 'missing' } });
    expect(result).toEqual({ ok: true, value: earlier });
  });

  test('is given again what its record cannot have for the secrets in it', () => {
    const agent = { name: 'command', args: [], template: 'agent --key=[REDACTED]' } as const;
    const environment = { RLM_AGENT_COMMAND: 'agent --key=hunter22' };
    const result = read({ environment, earlier: { ...earlier, agent } });
    expect(result.ok && result.value.agent.template).toBe('agent --key=hunter22');
  });

  test('gets the limits that are given anew', () => {
    const flags = { maxIterations: '200', maxTokens: 'unlimited' };
    const environment = { RLM_STALL_AFTER: '2', RLM_VALIDATOR_TIMEOUT_MS: '5000' };
    const result = read({ flags, environment, earlier });
    expect(result.ok && result.value).toEqual({
      ...earlier,
      stallAfter: 2,
      validators: [{ name: 'make-check', command: 'make check', timeoutMs: 5000 }],
      limits: { ...earlier.limits, maxIterations: 200, maxTokens: null },
    });
  });

  test('is refused a limit that cannot be meant, by name', () => {
    expect(problemOf({ flags: { maxIterations: '2x' }, earlier }).name).toBe('--max-iterations');
  });
});

describe('words', () => {
  test('subagents are allowed by either variable, and a typing error is none', () => {
    expect(settingsOf({ environment: { CODEX_SUBAGENTS: '1' } }).subagents).toBe(true);
    const both = { RLM_SUBAGENTS: 'no', CODEX_SUBAGENTS: '1' };
    expect(settingsOf({ environment: both }).subagents).toBe(false);
    const environment = { RLM_SUBAGENTS: 'ture' };
    expect(problemOf({ flags: { goal: 'g' }, environment }).name).toBe('RLM_SUBAGENTS');
  });

  test.each(['/etc/passwd', '../x', 'a/../../b', 'C:\\x', '~/x', ''])(
    'the protected glob %j is refused',
    (glob) => {
      const problem = problemOf({ flags: { goal: 'g' }, config: { protect: ['ok/**', glob] } });
      expect(problem).toMatchObject({ code: 'INVALID_PATTERN', name: 'protect[1]' });
    },
  );
});

test('garbage is always refused by the name of what is wrong', () => {
  const names = {
    roles: 'RLM_ROLES',
    maxIterations: 'RLM_MAX_ITERATIONS',
    maxMinutes: 'RLM_MAX_MINUTES',
    agent: 'RLM_AGENT',
    agentArgs: 'RLM_AGENT_ARGS',
    isolation: 'RLM_ISOLATION',
    subagents: 'RLM_SUBAGENTS',
    turnTimeoutMs: 'RLM_TURN_TIMEOUT_MS',
    silenceTimeoutMs: 'RLM_SILENCE_TIMEOUT_MS',
    validatorTimeoutMs: 'RLM_VALIDATOR_TIMEOUT_MS',
    maxCostUsd: 'RLM_MAX_COST_USD',
    maxTokens: 'RLM_MAX_TOKENS',
    maxConsecutiveErrors: 'RLM_MAX_ERRORS',
    stallAfter: 'RLM_STALL_AFTER',
    onTamper: 'RLM_ON_TAMPER',
  } as const;
  const random = createSeededRandom(7);
  const pieces = [
    '-',
    '1',
    'x',
    '.',
    '"',
    '\\',
    '{',
    '🙂',
    '\u0000',
    ' ',
    '0',
    'no-',
    '[',
  ] as const;
  for (let round = 0; round < 400; round++) {
    const setting = random.pick(Object.keys(names) as [keyof typeof names]);
    // A quote and a bracket that nothing closes are wrong everywhere.
    const text = `["${Array.from({ length: 1 + (round % 5) }, () => random.pick(pieces)).join('')}`;
    const byFlag = random.next() < 0.5;
    const problem = problemOf({
      flags: { goal: 'g', ...(byFlag && { [setting]: text }) },
      environment: byFlag ? {} : { [names[setting]]: text },
    });
    expect(problem.status).toBe('invalid_config');
    expect(problem.message).toContain(problem.name);
    if (byFlag) expect(problem.name).toMatch(/^--[a-z-]+$/);
    else expect(problem.name).toBe(names[setting]);
  }
});
