import { chmod, mkdir, symlink } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { adapterOf } from '../../src/agent/adapter-of.js';
import type { AgentSettings } from '../../src/agent/agent.js';
import { findAgents } from '../../src/agent/find-agents.js';

const request = { prompt: 'Fix it.', promptPath: "/runs/it's/prompt.md", readOnly: false };

function call(settings: Partial<AgentSettings> & Pick<AgentSettings, 'name'>, readOnly = false) {
  const { name } = settings;
  return adapterOf(name).createCall({ args: [], ...settings }, { ...request, readOnly });
}

test.each<[Partial<AgentSettings> & Pick<AgentSettings, 'name'>, boolean, string]>([
  [{ name: 'codex' }, false, 'codex exec --json --skip-git-repo-check -s workspace-write'],
  [
    { name: 'codex', args: ['-m', 'gpt'], program: '/opt/codex' },
    true,
    '/opt/codex exec --json --skip-git-repo-check -s read-only -m gpt',
  ],
  [
    { name: 'codex', args: ['--sandbox=danger-full-access'] },
    true,
    'codex exec --json --skip-git-repo-check --sandbox=danger-full-access',
  ],
  [
    { name: 'claude', args: ['--model', 'opus'] },
    false,
    'claude -p --output-format stream-json --verbose --permission-mode acceptEdits --allowedTools Bash,Edit,NotebookEdit,Write --model opus',
  ],
  [
    { name: 'claude' },
    true,
    'claude -p --output-format stream-json --verbose --permission-mode default --disallowedTools Edit,NotebookEdit,Write',
  ],
  [
    { name: 'claude', args: ['--permission-mode', 'plan'] },
    false,
    'claude -p --output-format stream-json --verbose --permission-mode plan',
  ],
  [{ name: 'gemini' }, false, 'gemini -o stream-json --skip-trust --yolo'],
  [{ name: 'gemini' }, true, 'gemini -o stream-json --skip-trust --approval-mode default'],
  [
    { name: 'qwen', args: ['--approval-mode=auto'] },
    false,
    'qwen -o stream-json --approval-mode=auto',
  ],
  [{ name: 'qwen' }, true, 'qwen -o stream-json --approval-mode default'],
  [{ name: 'opencode' }, false, 'opencode run --format json'],
  [{ name: 'opencode' }, true, 'opencode run --format json --agent plan'],
])('%o is called with the prompt on its standard input', (settings, readOnly, line) => {
  const { command, stdin, env } = call(settings, readOnly);
  expect([command].flat().join(' ')).toBe(line);
  expect(stdin).toBe('Fix it.');
  expect(env).toMatchObject({ RLM_PROMPT_FILE: request.promptPath });
});

test('a template names the file of the prompt, quoted, or reads the prompt', () => {
  const named = call({ name: 'command', template: 'aider -f {prompt_file} && cat {prompt_file}' });
  const quoted = "'/runs/it'\\''s/prompt.md'";
  expect(named.command).toBe(`aider -f ${quoted} && cat ${quoted}`);
  expect(named.stdin).toBeUndefined();
  const reading = call({ name: 'command', template: './agent --go' });
  expect(reading).toMatchObject({ command: './agent --go', stdin: 'Fix it.' });
  expect(call({ name: 'command', program: './agent', args: ['a b'] })).toMatchObject({
    command: ['./agent', 'a b'],
    stdin: 'Fix it.',
  });
  expect(() => call({ name: 'command' })).toThrow('has no template');
});

test('a command has events only where it is said whose', () => {
  const command = adapterOf('command');
  expect(command.createReader({ name: 'command', args: [] })).toBeUndefined();
  const reader = command.createReader({ name: 'command', args: [], speaks: 'codex' });
  expect(reader?.read('{"type":"turn.completed"}')).toHaveLength(2);
});

test('agents are found on the path: programs that can be executed, in folders that are absolute', async () => {
  await using rig = await createRig();
  await rig.write({
    'one/qwen': '',
    'one/codex': '',
    'two/codex': '',
    'two/claude': '',
    'two/command': '',
    'relative/gemini': '',
  });
  await mkdir(rig.path('one/gemini'));
  await symlink(rig.path('nowhere'), rig.path('one/opencode'));
  for (const name of ['one/qwen', 'two/codex', 'two/command', 'relative/gemini']) {
    await chmod(rig.path(name), 0o755);
  }
  const path = [rig.path('missing'), rig.path('one'), '', 'relative', rig.path('two')].join(':');
  expect(findAgents({ PATH: path })).toStrictEqual([
    { name: 'codex', path: rig.path('two/codex') },
    { name: 'qwen', path: rig.path('one/qwen') },
  ]);
  expect(findAgents({})).toStrictEqual([]);
});
