import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { UsageCounter } from '../src/metrics/agent-usage.js';
import type { Agent, AgentUsage } from '../src/metrics/agent-usage.js';
import { commandProgram } from '../src/metrics/command-program.js';
import { readAgentUsage } from '../src/metrics/read-usage.js';
import { manifestWith, stageWith } from './metrics-entry-manifest.js';

test.each([
  ['codex exec --json "fix it" </dev/null', 'codex'],
  ["/opt/bin/codex exec 'fix it'", 'codex'],
  ['OPENAI_API_KEY=[REDACTED] CODEX_HOME="/a b" codex exec', 'codex'],
  ['env -u HOME -i A=b claude -p x', 'claude'],
  ['npx codex exec', 'codex'],
  ['npx -y @openai/codex@latest exec', 'codex'],
  ['npx --yes -p @anthropic-ai/claude-code claude -p x', 'claude'],
  ['npx @anthropic-ai/claude-code@2.1.197 -p x', 'claude'],
  ['bunx @google/gemini-cli -p x', 'gemini'],
  ['npx @qwen-code/qwen-code', 'qwen'],
  ['npx opencode-ai@1.18.33 run', 'opencode'],
  ['timeout -k 5 600 codex exec', 'codex'],
  ['cd "a b" && codex exec', 'codex'],
  ['set -euo pipefail\ncd a; codex exec', 'codex'],
  ['export A="$(pwd)" && A=1 \\\n  exec gemini -p x', 'gemini'],
  ['npm run build', 'npm'],
  ['npx tsc -b && npx eslint .', 'tsc'],
  ['npx @scope/tool@1.2.3 a', 'tool'],
  ["'my program' a", 'sh'],
  ["'A=b' c", 'sh'],
  ["'co'dex exec", 'codex'],
  ['echo codex exec', 'echo'],
  ['cat prompt | codex exec', 'cat'],
  ['for x in 1 2; do codex exec; done', 'sh'],
  ['[ -e go ] || codex exec', 'sh'],
  ['$CODEX exec', 'sh'],
  ['(codex exec)', 'sh'],
  ['cd a || codex', 'sh'],
  ['cd a', 'sh'],
  ['env', 'sh'],
  ['A=b', 'sh'],
  ['"unfinished codex', 'sh'],
  ['', 'sh'],
  [' \n ', 'sh'],
  ['./run.sh', 'run.sh'],
  ['@@@', 'sh'],
  ['/', 'sh'],
])('the program of `%s` is %s', (line, program) => {
  expect(commandProgram(line)).toBe(program);
});

test('a long line costs no more than its start', () => {
  expect(commandProgram(`${'A=b '.repeat(1_000_000)}codex`)).toBe('sh');
  expect(commandProgram(`codex ${"'".repeat(1_000_001)}`)).toBe('codex');
});

/** As the programs print them; texts are shortened. */
const outputs: readonly (readonly [Agent, readonly unknown[], AgentUsage])[] = [
  [
    'codex',
    [
      { type: 'thread.started', thread_id: 't' },
      { type: 'turn.started' },
      { type: 'item.started', item: { id: 'item_1', type: 'command_execution' } },
      {
        type: 'item.completed',
        item: { id: 'item_1', type: 'command_execution', command: 'ls', exit_code: 0 },
      },
      { type: 'item.completed', item: { id: 'item_2', type: 'file_change', changes: [] } },
      { type: 'item.completed', item: { id: 'item_3', type: 'agent_message', text: 'done' } },
      { type: 'item.completed', item: { id: 'item_4', type: 'error', message: 'harmless' } },
      {
        type: 'turn.completed',
        usage: {
          input_tokens: 1200,
          cached_input_tokens: 200,
          cache_write_input_tokens: 0,
          output_tokens: 345,
          reasoning_output_tokens: 45,
        },
      },
    ],
    { tokens: 1545, costUsd: 0, toolCalls: 2 },
  ],
  [
    'claude',
    [
      { type: 'system', subtype: 'init' },
      {
        type: 'assistant',
        message: {
          content: [
            { type: 'text', text: 'I look' },
            { type: 'tool_use', id: 'toolu_1', name: 'Read' },
          ],
        },
      },
      { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] } },
      { type: 'assistant', message: { content: [{ type: 'tool_use', id: 'toolu_1' }] } },
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
    { tokens: 1115, costUsd: 0.0125, toolCalls: 2 },
  ],
  [
    'gemini',
    [
      { type: 'init' },
      { type: 'tool_use', tool_name: 'run_shell_command', tool_id: 'a' },
      { type: 'tool_result', tool_id: 'a', status: 'success' },
      {
        type: 'result',
        status: 'success',
        stats: { total_tokens: 300, input_tokens: 250, output_tokens: 50, tool_calls: 3 },
      },
    ],
    { tokens: 300, costUsd: 0, toolCalls: 3 },
  ],
  [
    'qwen',
    [
      { type: 'assistant', message: { content: [{ type: 'tool_use', id: 'a' }] } },
      {
        type: 'result',
        usage: { input_tokens: 20, cache_read_input_tokens: 15, output_tokens: 7 },
      },
      { type: 'result', usage: { input_tokens: 20, output_tokens: 7, total_tokens: 30 } },
    ],
    { tokens: 57, costUsd: 0, toolCalls: 1 },
  ],
  [
    'opencode',
    [
      { type: 'step_start', part: {} },
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
    { tokens: 121, costUsd: 0.003, toolCalls: 1 },
  ],
];

test.each(outputs)("the events of %s tell of the agent's usage", (agent, events, usage) => {
  const counter = new UsageCounter(agent);
  for (const event of events) counter.add(JSON.stringify(event));
  expect(counter.total).toStrictEqual(usage);
});

test('what is no event, or no number, counts nothing', () => {
  for (const agent of ['claude', 'codex', 'gemini', 'opencode', 'qwen'] as const) {
    const counter = new UsageCounter(agent);
    for (const line of [
      'Reading prompt from stdin...',
      '{"type":"turn.completed","usage":{"input_tokens":5',
      '{}',
      '{"type":"turn.completed"}',
      '{"type":"turn.completed","usage":null}',
      '{"type":"turn.completed","usage":{"input_tokens":"5","output_tokens":-1}}',
      '{"type":"result","usage":[],"stats":7,"total_cost_usd":"0.1"}',
      '{"type":"assistant","message":{"content":"text"}}',
      '{"type":"step_finish","part":{"tokens":{"cache":null},"cost":null}}',
      '{"type":"item.completed","item":null}',
      '[{"type":"result","usage":{"input_tokens":5}}]',
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    ]) {
      counter.add(line);
    }
    expect(counter.total).toStrictEqual({ tokens: 0, costUsd: 0, toolCalls: 0 });
  }
});

const turn = (tokens: number): string =>
  `${JSON.stringify({ type: 'turn.completed', usage: { input_tokens: tokens } })}\n`;

test('the logs of all attempts are read, and only those of agents', async () => {
  await using rig = await createRig();
  await rig.write({
    'run/commands/01-fix.log': `warning: {no json}\n${turn(5)}{"torn`,
    'run/commands/01-fix.attempt-1.log': turn(100),
    'run/commands/02-test.log': turn(7000),
  });
  const manifest = manifestWith([
    stageWith({ id: 'fix', command: 'codex exec', attempts: 2, log_path: 'x/01-fix.log' }),
    stageWith({ id: 'test', command: 'npm test', attempts: 1, log_path: 'x/02-test.log' }),
    stageWith({ id: 'later', command: 'codex exec', attempts: 0, log_path: null }),
  ]);
  const layout = { commandsDir: rig.path('run/commands'), relative: (path: string) => path };
  const { usage, problems } = await readAgentUsage(manifest, layout);
  expect([...usage]).toStrictEqual([['fix', { tokens: 105, costUsd: 0, toolCalls: 0 }]]);
  expect(problems).toStrictEqual([]);
});

test('a log that is gone tells nothing; one that is none is not opened', async () => {
  await using rig = await createRig();
  await rig.write({ 'commands/02-b.log/file': '' });
  const manifest = manifestWith([
    stageWith({ id: 'a', command: 'codex', log_path: 'commands/01-a.log' }),
    stageWith({ id: 'b', command: 'codex', log_path: 'commands/02-b.log' }),
  ]);
  const layout = { commandsDir: rig.path('commands'), relative: () => 'log' };
  const { usage, problems } = await readAgentUsage(manifest, layout);
  expect([...usage.values()].map(({ tokens }) => tokens)).toStrictEqual([0, 0]);
  expect(problems).toStrictEqual([]);
});
