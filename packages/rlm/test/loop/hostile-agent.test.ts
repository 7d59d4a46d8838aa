import { expect, test } from 'vitest';

import { runLoop } from '../../src/index.js';
import { createLoopRig, settingsOf, shellAgent } from './loop-rig.js';
import type { LoopRig } from './loop-rig.js';

const fix = 'echo 42 > answer';

/** Runs a loop whose agent does this in its first iteration, and then what was asked for. */
function runWith(loop: LoopRig, script: string, last = fix) {
  const agent = shellAgent(`if [ "$N" = 1 ]; then ${script}; else ${last}; fi`);
  return runLoop(settingsOf({ agent }), loop.ports());
}

test.each([
  [
    'puts folders, pipes and files of its own among the evidence',
    'cd iterations/1; mkdir x; mkfifo y; touch z',
  ],
  ['removes the folder of its loop', 'rm -rf "$PWD"'],
  ['puts a folder in the place of the state', 'rm -f state.json; mkdir -p state.json/x'],
  ['puts a pipe in the place of the state', 'rm -f state.json; mkfifo state.json'],
  ['puts a symlink in the place of its folder', 'rm -rf iterations/1; ln -s / iterations/1'],
  ['puts files in the place of the next iteration', 'echo x > iterations/2'],
  [
    'puts pipes in the place of the next iteration',
    'mkdir iterations/2; mkfifo iterations/2/agent.log',
  ],
])('an agent that %s keeps nobody from a verdict', async (_, script) => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const { verdict } = await runWith(loop, `(cd "$CODEX_ORCHESTRATOR_LOOP_DIR"; ${script})`);
  expect(verdict.status).toBe('passed');
  expect(await loop.readState()).toMatchObject({ final: { status: 'passed' } });
});

test('what is recorded of a file is what the loop wrote, whatever the agent made of it', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const recorded: string[] = [];
  const ports = loop.ports({
    iterated: (_, files) => {
      recorded.push(...files.map(({ path, bytes }) => `${path.split('/').at(-1)} ${bytes}`));
      return Promise.resolve();
    },
  });
  const forge = 'cd "$CODEX_ORCHESTRATOR_LOOP_DIR/iterations/$N"; echo x > prompt.md; touch more';
  await runLoop(settingsOf({ agent: shellAgent(`${fix}; ${forge}`) }), ports);
  expect(recorded).toEqual([
    expect.stringMatching(/^prompt\.md \d{3,}$/),
    'agent.log 0',
    expect.stringMatching(/^changes\.patch \d{3}$/),
    expect.stringMatching(/^validator-1\.log \d{2,}$/),
  ]);
});

test('nothing is written through what an agent puts in the way', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const names = ['prompt.md', 'agent.log', 'changes.patch'];
  await loop.rig.write(Object.fromEntries(names.map((name) => [`user/${name}`, 'mine\n'])));
  const plant = names.map((name) => `ln -s '${loop.rig.path('user', name)}' iterations/2/${name}`);
  const script = `(cd "$CODEX_ORCHESTRATOR_LOOP_DIR"; mkdir iterations/2; ${plant.join('; ')})`;
  const { verdict } = await runWith(loop, script);
  expect(verdict.status).toBe('passed');
  for (const name of names) expect(await loop.rig.read(`user/${name}`)).toBe('mine\n');
});

test('a pass says so where files have changed since they were judged', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const validator = {
    name: 'check',
    command: 'test "$(cat answer)" = 42 && { echo 0 > answer; echo > more; }',
    timeoutMs: 10_000,
  };
  const settings = settingsOf({ agent: shellAgent(fix), validators: [validator] });
  const { verdict, notes } = await runLoop(settings, loop.ports());
  expect(verdict.status).toBe('passed');
  expect(notes.join()).toContain('after they were judged: answer, more.');
  expect(await loop.rig.read('run/rlm/result.patch')).toContain('+42');
});

test('a pass that was recorded before a crash counts only for the content that passed', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({ agent: shellAgent(fix) });
  await runLoop(settings, loop.ports());
  const history = loop.history();
  const same = await runLoop(settings, loop.ports({ history }));
  expect(same.iterations).toHaveLength(1);
  await loop.rig.write({ 'repository/answer': '7\n' });
  const other = await runLoop(settings, loop.ports({ history }));
  expect(other.verdict.status).toBe('passed');
  expect(other.iterations).toHaveLength(2);
  await loop.rig.write({ 'repository/answer': '7\n' });
  const limits = { ...settings.limits, maxIterations: 1 };
  const spent = await runLoop({ ...settings, limits }, loop.ports({ history }));
  expect(spent.verdict).toMatchObject({
    status: 'max_iterations',
    reason: expect.stringContaining('has changed since') as string,
  });
});

test('secrets of goal and commands stay out of the state, the findings and the branch', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const secret = 'hunter2-hunter2';
  const settings = settingsOf({
    goal: `Find performance hotspots with ${secret}`,
    agent: shellAgent(fix),
    validators: [{ name: 'check', command: ['test', '-e', secret], timeoutMs: 10_000 }],
    isolation: 'worktree',
  });
  const redact = (text: string): string => text.replaceAll(secret, '[REDACTED]');
  const { branch } = await runLoop(settings, loop.ports({ redact }));
  expect(await loop.rig.read('run/rlm/state.json')).not.toContain(secret);
  expect(loop.git('log', '-1', '--format=%B', branch ?? '')).toContain('with [REDACTED]');
});

test('an agent that throws away the snapshots of its loop is judged all the same', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const prune = `rm -f draft; git gc --quiet --prune=now; ${fix}`;
  const { verdict } = await runWith(loop, 'echo 1 > draft', prune);
  expect(verdict.status).toBe('passed');
});
