import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { maxAgentBytes, renderAgentAnswer } from '../src/render/agent-answer.js';
import { cutToBytes } from '../src/render/cut-text.js';
import type { FailedStage, RunAnswer } from '../src/run-answer.js';
import { call } from './call.js';
import type { CallResult } from './call.js';
import { pipelineOf } from './pipeline-of.js';

const runId = '2026-01-06T06-53-37-814Z-c285a360';
const folder = `.runs/t/cli/${runId}`;
const where = { root: '/repo', cwd: '/repo' };

function stageOf(change: Partial<FailedStage> = {}): FailedStage {
  return {
    id: 'lint',
    title: 'Lint',
    status: 'failed',
    outcome: 'exited',
    exit_code: 3,
    signal: null,
    reason: null,
    duration_ms: 10,
    log_path: `${folder}/commands/02-lint.log`,
    last_lines: ['one', 'two'],
    ...change,
  };
}

function answerOf(stage: FailedStage | null, change: Partial<RunAnswer> = {}): RunAnswer {
  return {
    run_id: runId,
    status: stage === null ? 'succeeded' : 'failed',
    artifact_root: folder,
    manifest: `${folder}/manifest.json`,
    log_path: `${folder}/runner.ndjson`,
    task_id: 't',
    pipeline_id: 'p',
    status_detail: null,
    exit_code: stage === null ? 0 : 1,
    duration_ms: 2345,
    counts: { total: 3, succeeded: stage === null ? 3 : 1, failed: 1, skipped: 1, cancelled: 0 },
    failed_stage: stage,
    root_cause: null,
    summary: null,
    next: [
      `codex-orchestrator logs --run ${runId} --stage ${stage?.id ?? ''}`,
      `codex-orchestrator retry --failed --run ${runId}`,
      `codex-orchestrator show --run ${runId}`,
    ],
    ...change,
  };
}

function render(...args: Parameters<typeof renderAgentAnswer>): string {
  return `${renderAgentAnswer(...args).join('\n')}\n`;
}

test('a failure: verdict, stage, cause, last lines, log, what to call next', () => {
  const answer = answerOf(stageOf(), { root_cause: 'src/a.ts(3,5): error TS2322: why' });
  expect(render(answer, { root: '/repo', cwd: '/repo/src' })).toMatchInlineSnapshot(`
    "failed: 1 of 3 stages succeeded, 2.3s, exit code 1
    stage: lint, exited with code 3
    cause: src/a.ts(3,5): error TS2322: why
    last lines:
    | one
    | two
    log: ../.runs/t/cli/2026-01-06T06-53-37-814Z-c285a360/commands/02-lint.log
    next: codex-orchestrator logs --run 2026-01-06T06-53-37-814Z-c285a360 --stage lint
          codex-orchestrator retry --failed --run 2026-01-06T06-53-37-814Z-c285a360
          codex-orchestrator show --run 2026-01-06T06-53-37-814Z-c285a360
    "
  `);
});

test('a success: verdict, logs, what to call next', () => {
  const show = `codex-orchestrator show --run ${runId}`;
  expect(render(answerOf(null, { next: [show] }), where)).toMatchInlineSnapshot(`
    "succeeded: 3 of 3 stages succeeded, 2.3s, exit code 0
    log: .runs/t/cli/2026-01-06T06-53-37-814Z-c285a360/commands
    next: codex-orchestrator show --run 2026-01-06T06-53-37-814Z-c285a360
    "
  `);
});

test('a cause that is the only line is not quoted a second time', () => {
  const text = render(answerOf(stageOf({ last_lines: ['boom'] }), { root_cause: 'boom' }), where);
  expect(text.match(/boom/g)).toHaveLength(1);
});

const huge: Readonly<Record<string, string>> = {
  ascii: 'x'.repeat(100_000),
  'two bytes': 'é'.repeat(100_000),
  'three bytes': '漢'.repeat(100_000),
  'four bytes': '🎉'.repeat(100_000),
  'one byte, then four': `x${'🎉'.repeat(100_000)}`,
  'line feeds': 'a\n'.repeat(50_000),
  'escape sequences': '\u001b[31mx\u001b[0m'.repeat(20_000),
  'halves of characters': '\ud83c'.repeat(100_000),
};

test.each(Object.entries(huge))('of %s without end, no more than 1024 bytes', (_what, text) => {
  const path = `.runs/${text}/commands/01.log`;
  for (const lines of [[text], Array.from({ length: 20 }, () => text), []]) {
    for (const next of [[text, text], answerOf(null).next]) {
      const stage = stageOf({ id: text, reason: text, log_path: path, last_lines: lines });
      const failed = answerOf(stage, { root_cause: text, next, status: 'failed' });
      const shown = render(failed, where);
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(maxAgentBytes);
      expect(shown).toMatch(/^failed: 1 of 3 stages succeeded, 2.3s, exit code 1\nstage: /);
      expect(shown).not.toMatch(/\p{Surrogate}/u);
      // eslint-disable-next-line no-control-regex -- what must not be there
      expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/);
    }
  }
});

test('what is exact stands there whole or not at all', () => {
  const id = 'x'.repeat(500);
  const logPath = `${folder}/commands/${'y'.repeat(300)}.log`;
  const text = render(answerOf(stageOf({ id, log_path: logPath })), where);
  expect(text).not.toContain('logs --run');
  expect(text).not.toContain('log: ');
  expect(text).toContain(`next: codex-orchestrator retry --failed --run ${runId}\n`);
  expect(text).toMatch(/stage: x+…, exited with code 3/);
});

test('facts come first and the last lines get the room that is left', () => {
  const last_lines = Array.from({ length: 20 }, (_, at) => `${at} ${'z'.repeat(100)}`);
  const text = render(answerOf(stageOf({ last_lines }), { root_cause: 'why' }), where);
  expect(text).toMatch(/\ncause: why\nlast lines:\n/);
  expect(text).toContain('\n| 19 zzz');
  expect(text).not.toContain('| 0 z');
  expect(text).toContain(`show --run ${runId}\n`);
  expect(Buffer.byteLength(text)).toBeGreaterThan(900);
});

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, ''],
  ['abcd', 4, 'abcd'],
  ['abcde', 4, 'a…'],
  ['ééé', 5, 'é…'],
  ['ééé', 4, ''],
  ['🎉🎉', 7, '🎉…'],
  ['🎉🎉', 6, ''],
])('%j in %d bytes is %j', (text, maxBytes, cut) => {
  expect(cutToBytes(text, maxBytes)).toBe(cut);
});

const agent = { CLAUDECODE: '1' };

function bytesOf({ stdout, stderr }: CallResult): number {
  return Buffer.byteLength(stdout) + Buffer.byteLength(stderr);
}

test('an agent that asks for nothing gets few bytes of a run that succeeds, on both streams', async () => {
  await using rig = await createRig();
  const stages = ['build', 'lint', 'test'].map((id) => ({ id, command: 'seq 1 1000' }));
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  const result = await call(['start', '--task=t'], { cwd: rig.root, env: agent });
  expect(result.exitCode).toBe(0);
  expect(withoutVariables(result.stderr)).toBe('run <run> started, 3 stages\n');
  expect(withoutVariables(result.stdout)).toMatchInlineSnapshot(`
    "succeeded: 3 of 3 stages succeeded, <time>, exit code 0
    log: .runs/t/cli/<run>/commands
    next: codex-orchestrator show --run <run>
    "
  `);
  expect(bytesOf(result)).toBeLessThan(400);
});

test('an agent gets the cause of a failure, from any folder', async () => {
  await using rig = await createRig();
  const command = 'echo "src/a.ts(3,5): error TS2322: why"; seq 1 1000; exit 2';
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'build' }, { id: 'lint', command }, { id: 'test' }),
    'src/deep/here': '',
  });
  const call_ = { cwd: rig.path('src/deep'), env: agent, isTTY: true };
  const result = await call(['start', '--task=t'], call_);
  expect(result.exitCode).toBe(1);
  expect(withoutVariables(result.stderr)).toMatchInlineSnapshot(`
    "run <run> started, 3 stages
    [2/3] lint failed after <time>: exited with code 2
    "
  `);
  const [, path = ''] = /^log: (.*)$/m.exec(result.stdout) ?? [];
  expect(await rig.read(`src/deep/${path}`)).toContain('error TS2322');
  expect(result.stdout).toContain('\ncause: src/a.ts(3,5): error TS2322: why\n');
  expect(result.stdout).toContain('\n| 1000\nlog: ');
  expect(Buffer.byteLength(result.stdout)).toBeLessThanOrEqual(maxAgentBytes);
});

test('an explicit text is what people get', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const result = await call(['start', '--task=t', '--format=text'], { cwd: rig.root, env: agent });
  expect(result.stdout).toMatch(/^Run started: /);
  expect(result.stderr).toContain('[1/1] a started');
});

test('commands with nothing special for agents answer as text', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const text = await call(['plan', '--task=t'], { cwd: rig.root });
  expect(await call(['plan', '--task=t', '--format=agent'], { cwd: rig.root })).toStrictEqual(text);
  expect(await call(['plan', '--task=t'], { cwd: rig.root, env: agent })).toStrictEqual(text);
  const wrong = await call(['plan', '--nonsense', '--format=agent'], { cwd: rig.root });
  expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
});

test('exec shows an agent the end of the output, whether it succeeds or not', async () => {
  await using rig = await createRig();
  const run = (script: string): Promise<CallResult> =>
    call(['exec', '--task=t', '--', 'sh', '-c', script], { cwd: rig.root, env: agent });
  const good = await run('seq 1 500; echo 42');
  expect(good).toMatchObject({ exitCode: 0, stderr: '' });
  expect(good.stdout).toContain('\n| 500\n| 42\nlog: .runs/t/cli/');
  expect(Buffer.byteLength(good.stdout)).toBeLessThanOrEqual(maxAgentBytes);
  const bad = await run('echo "Error: boom"; exit 9');
  expect(bad.exitCode).toBe(9);
  expect(bad.stdout).toMatch(
    /^failed: .* exit code 9\nstage: .* exited with code 9\ncause: Error: boom\n/,
  );
});

function withoutVariables(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f]{8}/g, '<run>')
    .replace(/\d+\.\ds/g, '<time>');
}

test('a critical path stands there where time can be won back, and nothing else needs the room', () => {
  const path = [
    { id: 'build', ms: 12_000 },
    { id: 'test', ms: 40_000 },
  ];
  const times = { critical_ms: 52_000, wall_ms: 59_000, serial_ms: 90_000, saved_ms: 30_000 };
  const critical = { path, ...times, recoverable_ms: 7000 };
  const line = 'critical path: build 12.0s → test 40.0s (52.0s of 59.0s wall); 7.0s recoverable';
  expect(renderAgentAnswer(answerOf(null, { critical_path: critical }), where)).toContain(line);
  const told = (change: object, lines: string[] = []): string =>
    render(
      answerOf(stageOf({ last_lines: lines }), { critical_path: { ...critical, ...change } }),
      where,
    );
  expect(told({})).toContain('critical path:');
  expect(told({ recoverable_ms: 900 })).not.toContain('critical path:');
  expect(told({ recoverable_ms: null })).not.toContain('critical path:');
  expect(told({}, Array<string>(20).fill('x'.repeat(70)))).not.toContain('critical path:');
});
