import { beforeAll, expect, test } from 'vitest';
import type { TestContext } from 'vitest';

import { surroundCodex } from '../src/agent-surroundings.mjs';
import { brokenProgram, rightFix } from '../src/broken-program.mjs';
import { startModelServer } from '../src/model-server.mjs';
import { provideAgent } from '../src/real-agent.mjs';
import { openRealLoop } from './real-loop.js';

const installTimeoutMs = 180_000;
const caseTimeoutMs = 60_000;
const gone = { timeout: 10_000 };

let codex: Awaited<ReturnType<typeof provideAgent>>;
beforeAll(async () => {
  codex = await provideAgent('codex');
}, installTimeoutMs);

function openLoop(context: TestContext): ReturnType<typeof openRealLoop> {
  if ('skipped' in codex) return context.skip(codex.skipped);
  return openRealLoop({ name: 'codex', path: codex.path, surround: surroundCodex });
}

test(
  'a wrong fix fails the validator, the right one in iteration 2 passes',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const end = await loop.call({ script: 'wrong-then-right' }, { RLM_MAX_ITERATIONS: '3' });
    expect(end.exitCode, end.stderr).toBe(0);
    expect(end.answer.loop).toMatchObject({ verdict: 'passed', iterations: 2 });
    expect(end.state.final).toMatchObject({ status: 'passed', exitCode: 0 });
    expect(end.state.iterations).toMatchObject([
      { validatorExitCode: 1, completed: true, agent: [{ outcome: 'completed' }] },
      { validatorExitCode: 0, completed: true, agent: [{ outcome: 'completed' }] },
    ]);
    // Three answers of the server in each iteration, and what each of them says that it took.
    expect(end.manifest.commands.at(-1)?.loop).toMatchObject({
      ...{ agent: 'codex', iterations: 2, best_iteration: 2, tool_calls: 4 },
      ...{ input_tokens: 6000, cached_input_tokens: 1200, output_tokens: 300 },
    });
    expect(await loop.program()).toBe(rightFix);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'a server that falls silent after the fix: codex is ended with its whole tree, and that is no success',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const server = { script: 'right-fix', fault: 'hang', faultAfter: 2 } as const;
    const limits = { RLM_SILENCE_TIMEOUT_MS: '8000', RLM_MAX_ERRORS: '1' };
    const end = await loop.call(server, limits);
    expect(end.exitCode, end.stderr).toBe(10);
    expect(end.state.final).toMatchObject({ status: 'error', exitCode: 10 });
    expect(end.state.iterations).toMatchObject([
      { completed: false, agent: [{ outcome: 'silent' }] },
    ]);
    expect(await loop.program()).toBe(rightFix);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'in a sandbox that forbids the fix codex exits with 0, and that is no success',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const end = await loop.call(
      { script: 'right-fix' },
      { RLM_AGENT_ARGS: '["-s","read-only"]', RLM_MAX_ITERATIONS: '1' },
    );
    expect(end.exitCode, end.stderr).toBe(3);
    expect(end.state.iterations).toMatchObject([
      { validatorExitCode: 1, completed: true, agent: [{ outcome: 'completed' }] },
    ]);
    expect(await loop.program()).toBe(brokenProgram['sum.mjs']);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'an agent that says it is done has convinced nobody',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const end = await loop.call({ script: 'says-done' }, { RLM_MAX_ITERATIONS: '2' });
    expect(end.exitCode, end.stderr).toBe(3);
    expect(end.answer.loop).toMatchObject({ verdict: 'max_iterations', iterations: 2 });
    expect(end.state.iterations.map((each) => each.validatorExitCode)).toStrictEqual([1, 1]);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'when the loop itself is killed, codex ends too, and the run can be resumed',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const server = await startModelServer({ script: 'right-fix', fault: 'hang', faultAfter: 1 });
    const args = ['rlm', 'Repair sum', '--validator', 'node --test'];
    const killed = loop.start(args, server.url, {});
    const ended = killed.ended.then(() => {
      throw new Error(`It ended by itself: ${killed.stderr()}`);
    });
    await Promise.race([
      ended,
      expect.poll(() => server.requests.length, { timeout: 30_000 }).toBe(2),
    ]);
    expect(loop.processes().join('\n')).toContain('codex');
    process.kill(killed.pid, 'SIGKILL');
    await ended.catch(() => undefined);
    await server.close();
    await expect.poll(loop.processes, gone).toStrictEqual([]);

    const end = await loop.call({ script: 'right-fix' }, {}, ['resume']);
    expect(end.exitCode, end.stderr).toBe(0);
    expect(end.answer.loop).toMatchObject({ verdict: 'passed', iterations: 1 });
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);
