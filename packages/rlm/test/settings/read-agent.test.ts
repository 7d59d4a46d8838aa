import { expect, test } from 'vitest';

import type { ConfiguredLoop } from '../../src/settings/configured-loop.js';
import type { LoopFlags } from '../../src/settings/given-setting.js';
import { readAgent } from '../../src/settings/read-agent.js';

interface Given {
  readonly flags?: LoopFlags;
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: ConfiguredLoop;
}

const both = [
  { name: 'claude', path: '/bin/claude' },
  { name: 'gemini', path: '/bin/gemini' },
] as const;

function read({ flags = {}, environment = {}, config = {} }: Given, installed = [...both]) {
  return readAgent({ flags, environment, config }, installed);
}

const template = 'my-agent {prompt_file}';

test.each<[string, Given, object]>([
  ['the first that is installed', {}, { name: 'claude', args: [] }],
  ['by variable', { environment: { RLM_AGENT: 'Gemini' } }, { name: 'gemini', args: [] }],
  [
    'by flag before variable',
    { flags: { agent: 'claude' }, environment: { RLM_AGENT: 'gemini' } },
    { name: 'claude', args: [] },
  ],
  [
    'a program that is said to lie elsewhere',
    { config: { agent: 'codex', program: '/opt/codex', agentArgs: ['-m', 'x y'] } },
    { name: 'codex', program: '/opt/codex', args: ['-m', 'x y'] },
  ],
  [
    'another one than configured, without what was said of that',
    {
      flags: { agent: 'claude' },
      config: { agent: 'codex', program: '/opt/c', agentArgs: ['-m'] },
    },
    { name: 'claude', args: [] },
  ],
  [
    'any command by variable',
    { environment: { RLM_AGENT_COMMAND: template }, config: { agentArgs: ['-m'] } },
    { name: 'command', args: [], template },
  ],
  [
    'any program of the configuration',
    {
      environment: { RLM_AGENT_ARGS: '-a  b' },
      config: { agent: 'command', program: './agent' },
    },
    { name: 'command', program: './agent', args: ['-a', 'b'] },
  ],
  [
    'a command of the configuration, with events',
    { config: { agentTemplate: template, agentSpeaks: 'codex' } },
    { name: 'command', args: [], template, speaks: 'codex' },
  ],
  [
    'a flag before a command by variable',
    { flags: { agent: 'gemini' }, environment: { RLM_AGENT_COMMAND: template } },
    { name: 'gemini', args: [] },
  ],
  [
    'arguments as JSON',
    { environment: { RLM_AGENT_ARGS: '["-c", "model=\\"a b\\""]' } },
    { name: 'claude', args: ['-c', 'model="a b"'] },
  ],
])('%s', (_title, given, expected) => {
  expect(read(given)).toEqual({ ok: true, value: expected });
});

test.each<[string, Given, object]>([
  ['an unknown agent', { flags: { agent: 'x' } }, { code: 'INVALID_CHOICE', name: '--agent' }],
  [
    'one that is not installed',
    { environment: { RLM_AGENT: 'codex' } },
    {
      code: 'AGENT_NOT_FOUND',
      name: 'RLM_AGENT',
      hint: 'Installed: claude, gemini; the member program says where one lies',
    },
  ],
  [
    'a command without one',
    { flags: { agent: 'command' } },
    { code: 'AGENT_COMMAND_MISSING', name: 'RLM_AGENT_COMMAND' },
  ],
  [
    'two that contradict each other',
    { environment: { RLM_AGENT: 'gemini', RLM_AGENT_COMMAND: template } },
    { code: 'AGENT_CONFLICT', name: 'RLM_AGENT' },
  ],
  [
    'arguments beside a command that has its own',
    { environment: { RLM_AGENT_COMMAND: template, RLM_AGENT_ARGS: '-a' } },
    { code: 'AGENT_CONFLICT', name: 'RLM_AGENT_ARGS' },
  ],
  [
    'a misspelt place for the prompt',
    { environment: { RLM_AGENT_COMMAND: 'my-agent {prompt}' } },
    { code: 'INVALID_TEXT', name: 'RLM_AGENT_COMMAND' },
  ],
  [
    'arguments with quotes that are no JSON',
    { environment: { RLM_AGENT_ARGS: `-c 'a b'` } },
    { code: 'INVALID_LIST', name: 'RLM_AGENT_ARGS' },
  ],
  [
    'a list of something else',
    { environment: { RLM_AGENT_ARGS: '[1]' } },
    { code: 'INVALID_LIST', name: 'RLM_AGENT_ARGS' },
  ],
  [
    'events of nobody',
    { config: { agentTemplate: template, agentSpeaks: 'command' } },
    { code: 'INVALID_CHOICE', name: 'agentSpeaks' },
  ],
])('%s is refused by name', (_title, given, expected) => {
  const result = read(given);
  expect(result.ok ? undefined : result.error).toMatchObject({
    status: 'invalid_config',
    ...expected,
  });
});

test('variables of a shell in braces are no place for the prompt', () => {
  const line = 'agent ${file} {a,b} {prompt_file}';
  const result = read({ environment: { RLM_AGENT_COMMAND: line } });
  expect(result).toMatchObject({ ok: true, value: { template: line } });
});

test('a machine without agents is told what was looked for and what else works', () => {
  const result = read({}, []);
  const problem = result.ok ? undefined : result.error;
  expect(problem).toMatchObject({ code: 'NO_AGENT', name: 'RLM_AGENT' });
  expect(problem?.message).toContain('codex, claude, gemini, qwen, opencode');
  expect(problem?.hint).toContain('RLM_AGENT_COMMAND');
});
