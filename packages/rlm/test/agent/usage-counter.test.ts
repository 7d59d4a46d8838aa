import { expect, test } from 'vitest';

import { isMeteredAgent, UsageCounter } from '../../src/agent/usage-counter.js';
import type { MeteredAgent } from '../../src/agent/usage-counter.js';

function count(agent: MeteredAgent, lines: readonly string[]) {
  const counter = new UsageCounter(agent);
  for (const line of lines) counter.add(line);
  return { ...counter.usage, toolCalls: counter.toolCalls };
}

const nothing = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costUsd: 0, toolCalls: 0 };

const metered = ['claude', 'codex', 'gemini', 'opencode', 'qwen'] as const;

test('the agents whose own events say what they used', () => {
  expect(metered.every(isMeteredAgent)).toBe(true);
  expect(['command', 'npm', 'toString'].some(isMeteredAgent)).toBe(false);
});

test.each<[MeteredAgent, readonly object[], Partial<typeof nothing>]>([
  [
    'codex',
    [
      { type: 'thread.started', thread_id: 'one' },
      { type: 'item.completed', item: { type: 'command_execution', command: 'ls', exit_code: 0 } },
      { type: 'item.completed', item: { type: 'error', message: 'harmless' } },
      { type: 'turn.completed', usage: { input_tokens: 1200, output_tokens: 345 } },
      { type: 'thread.started', thread_id: 'two' },
      { type: 'item.completed', item: { type: 'file_change', changes: [] } },
      { type: 'turn.completed', usage: { input_tokens: 100, output_tokens: 5 } },
      { type: 'turn.completed', usage: { input_tokens: 300, output_tokens: 10 } },
    ],
    { inputTokens: 1500, outputTokens: 355, toolCalls: 2 },
  ],
  [
    'claude',
    [
      { type: 'system', subtype: 'init', session_id: 'one' },
      {
        type: 'assistant',
        session_id: 'one',
        message: {
          id: 'msg_1',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read' }],
          usage: { input_tokens: 10, cache_read_input_tokens: 1000, output_tokens: 1 },
        },
      },
      {
        type: 'assistant',
        session_id: 'one',
        message: {
          id: 'msg_1',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read' }],
          usage: { input_tokens: 10, cache_read_input_tokens: 1000, output_tokens: 1 },
        },
      },
      { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] } },
    ],
    // It was ended before it could say what it used altogether.
    { inputTokens: 1010, cachedInputTokens: 1000, outputTokens: 1, toolCalls: 1 },
  ],
  [
    'claude',
    [
      { type: 'assistant', message: { content: [{ type: 'tool_use', id: 'toolu_2' }] } },
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        usage: {
          input_tokens: 10,
          cache_creation_input_tokens: 100,
          cache_read_input_tokens: 1000,
          output_tokens: 5,
        },
        total_cost_usd: 0.0125,
      },
    ],
    { inputTokens: 1110, cachedInputTokens: 1000, outputTokens: 5, costUsd: 0.0125, toolCalls: 1 },
  ],
  [
    'gemini',
    [
      { type: 'tool_use', tool_name: 'run_shell_command', tool_id: 'a' },
      { type: 'tool_result', tool_id: 'a', status: 'success' },
      {
        type: 'result',
        status: 'success',
        stats: { total_tokens: 310, input_tokens: 250, output_tokens: 50, tool_calls: 3 },
      },
    ],
    { inputTokens: 250, outputTokens: 60, toolCalls: 3 },
  ],
  [
    'qwen',
    [
      {
        type: 'result',
        session_id: 'one',
        usage: { input_tokens: 20, cache_read_input_tokens: 15, output_tokens: 7 },
      },
      {
        type: 'result',
        session_id: 'two',
        usage: { input_tokens: 20, output_tokens: 7, total_tokens: 30 },
      },
    ],
    { inputTokens: 40, cachedInputTokens: 15, outputTokens: 17 },
  ],
  [
    'opencode',
    [
      { type: 'tool_use', part: { tool: 'bash', callID: 'c1', state: { status: 'completed' } } },
      {
        type: 'step_finish',
        part: {
          reason: 'tool-calls',
          cost: 0.002,
          tokens: { input: 10, output: 5, reasoning: 2, cache: { read: 100, write: 3 } },
        },
      },
      { type: 'step_finish', part: { reason: 'stop', cost: 0.001, tokens: { input: 1 } } },
    ],
    { inputTokens: 114, cachedInputTokens: 100, outputTokens: 7, costUsd: 0.003, toolCalls: 1 },
  ],
])('the events of %s tell what it used', (agent, events, expected) => {
  const lines = events.map((event) => JSON.stringify(event));
  expect(count(agent, lines)).toStrictEqual({ ...nothing, ...expected });
});

test.each(metered)('what is no event of %s, or no number, counts nothing', (agent) => {
  const lines = [
    'Reading prompt from stdin...',
    '{"type":"turn.completed","usage":{"input_tokens":5',
    '{}',
    '{"type":"turn.completed"}',
    '{"type":"turn.completed","usage":null}',
    '{"type":"turn.completed","usage":{"input_tokens":"5","output_tokens":-1}}',
    '{"type":"turn.failed","error":"text"}',
    '{"type":"error","message":7,"error":null}',
    '{"type":"result","usage":[],"stats":7,"total_cost_usd":"0.1","errors":{},"permission_denials":7}',
    '{"type":"assistant","message":{"content":"text"}}',
    '{"type":"user","message":{"content":[null]}}',
    '{"type":"tool_result","tool_id":7,"error":7}',
    '{"type":"step_finish","part":{"tokens":{"cache":null},"cost":null}}',
    '{"type":"item.completed","item":null}',
    '[{"type":"result","usage":{"input_tokens":5}}]',
    `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  ];
  expect(count(agent, lines)).toStrictEqual(nothing);
});

test('the calls of an endless session take no endless memory, and each counts once', () => {
  const counter = new UsageCounter('claude');
  for (let at = 0; at < 5000; at += 1) {
    const call = [{ type: 'tool_use', id: `toolu_${at}`, name: 'Read' }];
    const answer = [{ type: 'tool_result', tool_use_id: `toolu_${at}` }];
    counter.add(JSON.stringify({ type: 'assistant', message: { content: call } }));
    counter.add(JSON.stringify({ type: 'user', message: { content: answer } }));
    counter.add(JSON.stringify({ type: 'assistant', message: { content: call } }));
  }
  expect(counter.toolCalls).toBe(5000);
});

test('what an agent claims is a number that a record can take', () => {
  const usage = { input_tokens: 1e308, output_tokens: 2.25, cached_input_tokens: -1 };
  expect(count('codex', [JSON.stringify({ type: 'turn.completed', usage })])).toEqual({
    ...nothing,
    inputTokens: 1e12,
    outputTokens: 2,
  });
  const steps = Array.from({ length: 10_000 }, (_, at) => {
    const step = { input: 1e308, output: 1, cache: { read: 0, write: 1e308 } };
    return JSON.stringify({
      type: 'step_finish',
      sessionID: 'one',
      part: { id: String(at), type: 'step-finish', tokens: step, cost: 1e308 },
    });
  });
  const { inputTokens, costUsd } = count('opencode', steps);
  expect(inputTokens).toBe(Number.MAX_SAFE_INTEGER);
  expect(Number.isFinite(costUsd)).toBe(true);
});
