import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { adapterOf } from '../../src/agent/adapter-of.js';
import type { AgentEvent, AgentName } from '../../src/agent/agent.js';

/** What real agents printed, shortened; the answers were those of a server for tests. */
function transcript(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`transcripts/${name}`, import.meta.url)), 'utf8');
}

async function eventsOf(agent: AgentName, name: string): Promise<AgentEvent[]> {
  const reader = adapterOf(agent).createReader({ name: agent, args: [] });
  const lines = (await transcript(name)).split('\n');
  return lines
    .flatMap((line) => reader?.read(line) ?? [])
    .filter(({ type }) => type !== 'activity');
}

function withoutSession(events: readonly AgentEvent[]): AgentEvent[] {
  expect(events[0]).toMatchObject({
    type: 'session',
    id: expect.stringMatching(/\w{8}/) as string,
  });
  return events.slice(1);
}

const usage = (
  counts: 'step' | 'total',
  [inputTokens, cachedInputTokens, outputTokens]: readonly [number, number, number],
  costUsd = 0,
): AgentEvent => ({
  type: 'usage',
  counts,
  usage: { inputTokens, cachedInputTokens, outputTokens, costUsd },
});

const completed: AgentEvent = { type: 'end', ok: true, reason: 'completed' };

const inShell = (line: string): string => `/bin/bash -lc ${line}`;

test('codex works: commands, a change of a file, words, usage, and its end', async () => {
  const events = await eventsOf('codex', 'codex-fixes.ndjson');
  expect(withoutSession(events)).toStrictEqual([
    { type: 'tool', name: 'command_execution', detail: inShell("'cat a.mjs'"), failed: false },
    { type: 'tool', name: 'command_execution', detail: inShell('false'), failed: true },
    { type: 'tool', name: 'file_change', detail: '/repo/a.mjs', failed: false },
    { type: 'message', text: 'It is done.' },
    usage('total', [4006, 3600, 200]),
    completed,
  ]);
});

test('a sandbox that keeps codex from writing is seen, though codex ends well', async () => {
  const events = await eventsOf('codex', 'codex-blocked.ndjson');
  const denied = events.filter(({ type }) => type === 'denied');
  expect(denied).toStrictEqual([
    {
      type: 'denied',
      tool: 'command_execution',
      detail: `${inShell("'sed -i s/1/2/ a.mjs'")}: sed: couldn't open temporary file ./seditfrBD: Read-only file system`,
    },
    {
      type: 'denied',
      tool: 'command_execution',
      detail: `${inShell("'echo x > b.txt || echo tried'")}: /bin/bash: line 1: b.txt: Read-only file system`,
    },
  ]);
  expect(events.at(-1)).toStrictEqual(completed);
});

test('a patch that codex refuses is told on its standard error alone', async () => {
  const reader = adapterOf('codex').createReader({ name: 'codex', args: [] });
  const lines = (await transcript('codex-blocked.stderr.txt')).split('\n');
  expect(lines.flatMap((line) => reader?.readError?.(line) ?? [])).toStrictEqual([
    {
      type: 'denied',
      tool: 'codex',
      detail:
        'patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings',
    },
  ]);
});

test('codex tells of a service that refuses, and waits for one that is not there', async () => {
  const message = 'We’re currently experiencing high demand, which may cause temporary errors.';
  expect(withoutSession(await eventsOf('codex', 'codex-refused.ndjson'))).toStrictEqual([
    { type: 'error', message },
    { type: 'end', ok: false, reason: message },
  ]);
  const offline = withoutSession(await eventsOf('codex', 'codex-offline.ndjson'));
  expect(offline.map(({ type }) => type)).toStrictEqual(['waiting', 'waiting']);
});

test('claude works: tools with how they ended, words, what each step used, and its end', async () => {
  const step = usage('step', [1110, 1000, 1]);
  const events = await eventsOf('claude', 'claude-fixes.ndjson');
  expect(withoutSession(events)).toStrictEqual([
    step,
    { type: 'tool', name: 'Read', detail: '/repo/a.mjs', failed: false },
    step,
    { type: 'tool', name: 'Edit', detail: '/repo/a.mjs', failed: false },
    step,
    { type: 'tool', name: 'Bash', detail: 'node a.mjs; false', failed: true },
    { type: 'message', text: 'It is done.' },
    step,
    usage('total', [4440, 4000, 100], 0.0072),
    completed,
  ]);
});

test('what claude was not allowed to do is seen, though it ends well', async () => {
  const events = await eventsOf('claude', 'claude-denied.ndjson');
  expect(events.filter(({ type }) => type === 'denied')).toStrictEqual([
    { type: 'denied', tool: 'Edit', detail: '/repo/a.mjs' },
    { type: 'denied', tool: 'Bash', detail: 'node a.mjs; false' },
  ]);
  expect(events.at(-1)).toStrictEqual(completed);
});

test('claude says that it is an error and calls it a success', async () => {
  const reason =
    'API Error: 500 boom. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway (127.0.0.1:8791).';
  expect(withoutSession(await eventsOf('claude', 'claude-refused.ndjson'))).toStrictEqual([
    { type: 'waiting', detail: 'server_error 500, attempt 1' },
    { type: 'waiting', detail: 'server_error 500, attempt 2' },
    { type: 'error', message: reason },
    usage('total', [0, 0, 0]),
    { type: 'end', ok: false, reason },
  ]);
});

test('claude comes to the limit of its turns', async () => {
  const events = await eventsOf('claude', 'claude-turn-limit.ndjson');
  expect(events.at(-1)).toStrictEqual({
    type: 'end',
    ok: false,
    reason: 'Reached maximum number of turns (2)',
  });
});

test('gemini works: the pieces of a message are one', async () => {
  expect(withoutSession(await eventsOf('gemini', 'gemini-fixes.ndjson'))).toStrictEqual([
    { type: 'tool', name: 'run_shell_command', detail: 'cat a.mjs; false', failed: false },
    { type: 'tool', name: 'replace', detail: '/repo/a.mjs', failed: false },
    { type: 'message', text: 'It is done now.' },
    { ...usage('total', [300, 120, 45]), toolCalls: 2 },
    completed,
  ]);
});

test('what the plan mode of gemini refuses is seen', async () => {
  const events = await eventsOf('gemini', 'gemini-blocked.ndjson');
  expect(events.filter(({ type }) => type === 'tool')).toMatchObject([
    { failed: true },
    { failed: true },
  ]);
  expect(events.filter(({ type }) => type === 'denied')).toMatchObject([
    { tool: 'replace', detail: expect.stringContaining('/repo/a.mjs: Access denied') as string },
  ]);
});

test('qwen speaks like claude, and counts cached tokens among the others', async () => {
  const step = usage('step', [100, 40, 10]);
  expect(withoutSession(await eventsOf('qwen', 'qwen-denied.ndjson'))).toStrictEqual([
    step,
    { type: 'tool', name: 'run_shell_command', detail: 'cat a.mjs; false', failed: true },
    step,
    { type: 'tool', name: 'edit', detail: '/repo/a.mjs', failed: true },
    { type: 'message', text: 'It is done now.' },
    step,
    { type: 'denied', tool: 'run_shell_command', detail: 'cat a.mjs; false' },
    { type: 'denied', tool: 'edit', detail: '/repo/a.mjs' },
    usage('total', [300, 120, 30]),
    completed,
  ]);
});

test('opencode works: the last step is its end', async () => {
  const step = usage('step', [100, 40, 10]);
  expect(withoutSession(await eventsOf('opencode', 'opencode-fixes.ndjson'))).toStrictEqual([
    { type: 'tool', name: 'bash', detail: 'cat a.mjs; false', failed: true },
    step,
    { type: 'tool', name: 'edit', detail: '/repo/a.mjs', failed: false },
    step,
    { type: 'message', text: 'It is done now.' },
    step,
    completed,
  ]);
});

test('what the plan agent of opencode refuses is seen', async () => {
  const events = await eventsOf('opencode', 'opencode-blocked.ndjson');
  expect(events.filter(({ type }) => type === 'denied')).toStrictEqual([
    { type: 'denied', tool: 'edit', detail: '/repo/a.mjs' },
  ]);
});

test.each<[AgentName, string, readonly Partial<AgentEvent>[]]>([
  ['codex', '{"type":"error","message":"Reconnecting... 2/5"}', [{ type: 'waiting' }]],
  ['codex', '{"type":"turn.failed"}', [{ type: 'end', ok: false }]],
  [
    'codex',
    '{"type":"item.completed","item":{"type":"file_change","changes":[{"path":"a"}],"status":"failed"}}',
    [
      { type: 'tool', failed: true },
      { type: 'denied', detail: 'a' },
    ],
  ],
  [
    'codex',
    '{"type":"item.completed","item":{"type":"command_execution","command":"x","exit_code":null,"status":"declined"}}',
    [
      { type: 'tool', failed: true },
      { type: 'denied', detail: 'x: declined' },
    ],
  ],
  [
    'codex',
    '{"type":"item.completed","item":{"type":"mcp_tool_call","server":"s","tool":"t","status":"completed"}}',
    [{ type: 'tool', detail: 's/t', failed: false }],
  ],
  ['codex', '{"type":"item.updated","item":{"type":"todo_list"}}', [{ type: 'activity' }]],
  ['claude', '{"type":"result","subtype":"error_during_execution"}', [{}, { ok: false }]],
  [
    'claude',
    '{"type":"assistant","parent_tool_use_id":"toolu_1","message":{"content":[{"type":"text","text":"I am a subagent"}]}}',
    [{ type: 'activity' }],
  ],
  [
    'gemini',
    '{"type":"result","status":"error","error":{"type":"FatalError","message":"no"},"stats":{}}',
    [{ type: 'usage' }, { type: 'end', ok: false, reason: 'no' }],
  ],
  ['opencode', '{"type":"step_finish","part":{"reason":"unknown"}}', [{ type: 'usage' }]],
  [
    'opencode',
    '{"type":"step_finish","part":{"reason":"length"}}',
    [{}, { type: 'end', ok: false, reason: 'it stopped for length' }],
  ],
  [
    'opencode',
    '{"type":"error","error":{"name":"APIError","data":{"message":"Unauthorized"}}}',
    [{ type: 'error', message: 'Unauthorized' }],
  ],
])('%s: %s', (agent, line, events) => {
  const reader = adapterOf(agent).createReader({ name: agent, args: [] });
  expect(reader?.read(line)).toMatchObject(events);
  expect(reader?.read(line)).toHaveLength(events.length);
});
