import { expect, test } from 'vitest';

import { runLoop } from '../../src/index.js';
import { createLoopRig, settingsOf, shellAgent } from './loop-rig.js';

const wrongThenRight =
  'if [ "$N" = 1 ]; then echo 41 > answer; else echo 42 > answer; fi; echo "summary: try $N"';

test('a wrong fix fails its validator and the right one after it passes', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({ agent: shellAgent(wrongThenRight) });
  const outcome = await runLoop(settings, loop.ports());

  expect(outcome.verdict).toMatchObject({ status: 'passed', exitCode: 0 });
  expect(outcome.best).toBe(2);
  expect(await loop.readState()).toMatchObject({
    goal: 'Make the answer 42',
    roles: 'single',
    maxIterations: 5,
    maxMinutes: null,
    iterations: [
      { n: 1, summary: 'try 1', validatorExitCode: 1, completed: true },
      { n: 2, summary: 'try 2', validatorExitCode: 0, completed: true },
    ],
    final: { status: 'passed', exitCode: 0 },
  });
  const prompt = await loop.rig.read('run/rlm/iterations/2/prompt.md');
  expect(prompt).toContain('answer is 41');
  expect(prompt).toContain('try 1');
  expect(await loop.rig.read('run/rlm/iterations/1/changes.patch')).toContain('+41');
  expect(await loop.rig.read('run/rlm/result.patch')).toContain('+42');
  expect(await loop.rig.read('run/rlm/validator-1.log')).toMatch(/answer is 41\n\[exit\] 1\n$/);
});

test('every file of an iteration is recorded with it', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  await runLoop(settingsOf({ agent: shellAgent(wrongThenRight) }), loop.ports());

  expect(loop.recorded.files).toEqual(
    expect.arrayContaining([
      'iterations/1/agent.log',
      'iterations/1/changes.patch',
      'iterations/1/prompt.md',
      'validator-1.log',
      'iterations/2/prompt.md',
      'validator-2.log',
    ]),
  );
});

test('claiming success without doing anything is not a success, and the same place three times is a stall', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({ agent: shellAgent('echo "summary: all done, tests pass"') });
  const { verdict, iterations } = await runLoop(settings, loop.ports());

  expect(verdict).toMatchObject({ status: 'stalled', exitCode: 6 });
  expect(iterations.length).toBeGreaterThanOrEqual(3);
});

test('the last allowed iteration decides when none has passed', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({
    agent: shellAgent('echo $N > answer'),
    limits: { ...settingsOf().limits, maxIterations: 2 },
  });
  const { verdict } = await runLoop(settings, loop.ports());

  expect(verdict).toMatchObject({ status: 'max_iterations', exitCode: 3 });
});

test('a pass after a turn that failed does not count', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({
    agent: shellAgent('echo 42 > answer; exit 1'),
    limits: { ...settingsOf().limits, maxConsecutiveErrors: 1 },
  });
  const { verdict, iterations } = await runLoop(settings, loop.ports());

  expect(iterations[0]).toMatchObject({ completed: false, validatorExitCode: 0 });
  expect(verdict).toMatchObject({ status: 'error', exitCode: 10 });
});

test('the time limit ends a turn that hangs', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({
    agent: shellAgent('echo 7 > answer; sleep 600'),
    limits: { ...settingsOf().limits, maxMinutes: 1 / 60 },
  });
  const { verdict, iterations } = await runLoop(settings, loop.ports());

  expect(verdict).toMatchObject({ status: 'max_minutes', exitCode: 3 });
  expect(iterations[0]?.diff).toMatchObject({ files: 1 });
});

test('a cancelled iteration is none, and the loop that goes on begins it again', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const controller = new AbortController();
  const settings = settingsOf({
    agent: shellAgent('if [ "$N" = 1 ]; then echo 1 > answer; else sleep 600; fi'),
  });
  const { verdict } = await runLoop(
    settings,
    loop.ports({
      signal: controller.signal,
      tell: (line) => {
        if (line.startsWith('iteration 2'))
          setTimeout(() => {
            controller.abort();
          }, 200);
      },
    }),
  );
  expect(verdict).toMatchObject({ status: 'cancelled', exitCode: 130 });
  expect(loop.recorded.iterations).toHaveLength(1);

  const resumed = await runLoop(
    settingsOf({ agent: shellAgent('test "$N" = 2 && echo 42 > answer') }),
    loop.ports({ history: loop.history() }),
  );
  expect(resumed.verdict.status).toBe('passed');
  expect(resumed.iterations.map(({ n }) => n)).toEqual([1, 2]);
});

test('a validator that cannot be run ends the loop with its own code', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({
    validators: [{ name: 'gone', command: 'no-such-program-here', timeoutMs: 5000 }],
  });
  const { verdict } = await runLoop(settings, loop.ports());

  expect(verdict).toMatchObject({ status: 'validator_error', exitCode: 4 });
  expect(await loop.readState()).toMatchObject({ final: { status: 'error', exitCode: 4 } });
});

test('an agent that rewrites its judge is reported, and refused where that is the policy', async () => {
  const files = { answer: '0\n', 'verify.sh': 'test "$(cat answer)" = 42\n' };
  const cheat = {
    agent: shellAgent('echo "exit 0" > verify.sh'),
    validators: [{ name: 'verify', command: 'sh ./verify.sh', timeoutMs: 5000 }],
  };
  await using reported = await createLoopRig(files);
  const passed = await runLoop(settingsOf(cheat), reported.ports());
  expect(passed.verdict.status).toBe('passed');
  expect(passed.verdict.reason).toContain('after a change to verify.sh');
  expect(passed.notes.join(' ')).toContain('verify.sh');

  await using refused = await createLoopRig(files);
  const outcome = await runLoop(settingsOf({ ...cheat, onTamper: 'refuse' }), refused.ports());
  expect(outcome.verdict).toMatchObject({ status: 'validator_tampered', exitCode: 8 });
});

test('a loop without git knows nothing about changes and judges all the same', async () => {
  await using loop = await createLoopRig({ answer: '0\n' }, { isGit: false });
  const outcome = await runLoop(settingsOf({ agent: shellAgent(wrongThenRight) }), loop.ports());

  expect(outcome.verdict.status).toBe('passed');
  expect(outcome.iterations[0]).toMatchObject({ treeAfter: null, diff: null });
});

test('an isolated loop leaves the repository alone and its result on a branch', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({ agent: shellAgent(wrongThenRight), isolation: 'worktree' });
  const outcome = await runLoop(settings, loop.ports());

  expect(outcome).toMatchObject({ verdict: { status: 'passed' }, branch: 'rlm/test' });
  expect(loop.git('show', 'rlm/test:answer')).toBe('42\n');
  expect(loop.git('status', '--porcelain')).toBe('');
  expect(loop.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test('a planner, a worker and a critic take a turn each', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const settings = settingsOf({
    agent: shellAgent('echo 42 > answer; echo "said by $N"'),
    roles: 'triad',
  });
  const { iterations } = await runLoop(settings, loop.ports());

  expect(iterations[0]?.turns.map(({ role }) => role)).toEqual(['planner', 'worker', 'critic']);
  expect(await loop.rig.read('run/rlm/iterations/1/prompt-worker.md')).toContain('said by 1');
});

test('hotspots that an agent reports are kept for machines and for people', async () => {
  const findings = {
    findings: [
      {
        title: 'Reads the history again for each line',
        hotspot: { file: 'src/history.ts', symbol: 'readAll' },
        evidence: ['80 % of the samples'],
        candidate_fixes: [
          {
            title: 'Read once',
            description: 'Keep an offset',
            files: ['src/history.ts'],
            tests: [],
          },
        ],
      },
    ],
  };
  await using loop = await createLoopRig({ 'report.json': JSON.stringify(findings) });
  const settings = settingsOf({
    goal: 'Find the performance hotspots',
    agent: shellAgent('cat report.json'),
    validators: [],
    limits: { ...settingsOf().limits, maxIterations: 1 },
  });
  const outcome = await runLoop(settings, loop.ports());

  expect(outcome).toMatchObject({
    verdict: { status: 'budget_complete', exitCode: 0 },
    findings: 1,
  });
  expect(await loop.rig.readJson('run/rlm/findings.json')).toMatchObject({
    version: 1,
    findings: [{ title: findings.findings[0]?.title }],
  });
  expect(await loop.rig.read('run/rlm/findings.md')).toContain('readAll');
});

test('what an agent leaves behind in a session of its own is ended before anything is judged', async () => {
  await using loop = await createLoopRig({ answer: '0\n' });
  const daemon = 'setsid sh -c "while :; do echo 42 > answer; sleep 0.01; done" > /dev/null 2>&1 &';
  const settings = settingsOf({
    agent: shellAgent(`${daemon} sleep 0.3; echo 1 > answer`),
    validators: [
      {
        name: 'check',
        command: 'echo 1 > answer; sleep 0.3; test "$(cat answer)" = 42',
        timeoutMs: 10_000,
      },
    ],
    limits: { ...settingsOf().limits, maxIterations: 1 },
  });
  const { verdict, iterations } = await runLoop(settings, loop.ports());

  expect(iterations[0]?.strays).toBeGreaterThan(0);
  expect(verdict.status).toBe('max_iterations');
});

test('nothing private of a loop that worked in place is left', async () => {
  await using loop = await createLoopRig({ answer: '42\n' });
  await runLoop(settingsOf(), loop.ports());

  expect(await loop.rig.list('run')).toContain('run/rlm/state.json');
  await expect(loop.rig.list('scratch')).rejects.toThrow('ENOENT');
});
