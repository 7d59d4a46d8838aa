import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { ReviewPorts, TakenReview } from '../../src/index.js';
import { completed, message, runProcess, say, secret, started } from '../agent/take-turn.js';
import { approval, block, createReviewRig } from './review-rig.js';

function answer(...texts: readonly string[]): string {
  return say(started, ...texts.map((text) => message(text)), completed);
}

function reasonOf(taken: TakenReview): string {
  return taken.kind === 'not-reviewed' ? taken.reason : '';
}

const finding = {
  ...{ severity: 'high', file: 'src/a.ts', line: 12, title: 'Off by one' },
  ...{ message: 'The last item is never read.', fix: 'Use <=' },
};

test('a review has its findings and leaves prompt, output, events and answer', async () => {
  await using review = await createReviewRig();
  const written = { version: 1, verdict: 'request_changes', findings: [finding] };
  const taken = await review.take(`cat > ../seen\n${answer('First I look.', block(written))}`);
  expect(taken).toMatchObject({
    kind: 'reviewed',
    agent: 'codex',
    verdict: 'request_changes',
    findings: [finding],
    omitted: 0,
    message: block(written).trim(),
    usage: { inputTokens: 1000, cachedInputTokens: 900, outputTokens: 50, costUsd: 0 },
  });
  expect(taken.files.map(({ path }) => path)).toEqual(
    ['prompt.md', 'agent.log', 'events.ndjson', 'answer.md'].map((name) =>
      review.rig.path('review', name),
    ),
  );
  expect(await review.rig.read('seen')).toBe('Review it.');
  expect(await review.rig.read('review/prompt.md')).toBe('Review it.');
  expect(await review.rig.read('review/answer.md')).toBe(block(written));
});

test('the agent works in the repository and is asked to change nothing', async () => {
  await using review = await createReviewRig();
  const script = `{ pwd; echo "$@"; } > ../call; cat > /dev/null\n${answer(block(approval))}`;
  expect(await review.take(script)).toMatchObject({ kind: 'reviewed', findings: [] });
  const call = await review.rig.read('call');
  expect(call).toContain(`${review.rig.path('repo')}\n`);
  expect(call).toContain('-s read-only');
});

test.each([
  ['says nothing', say(started, completed), 'it said nothing'],
  ['gives no findings', answer('Looks good to me!'), 'no block of JSON'],
  ['gives findings before its last message', answer(block(approval), 'Bye.'), 'no block of JSON'],
  ['gives them twice', answer(block(approval) + block(approval)), '2 reviews'],
  ['exits with 1', `${answer(block(approval))}\nexit 1`, 'ended as failed'],
  ['ends without a terminal event', say(started, message(block(approval))), 'aborted-without'],
  ['exits at once', 'exit 0', 'aborted-without-terminal-event'],
])('an agent that %s has not reviewed', async (_, script, reason) => {
  await using review = await createReviewRig();
  const taken = await review.take(script);
  expect(taken).toMatchObject({ kind: 'not-reviewed', agent: 'codex' });
  expect(reasonOf(taken)).toContain(reason);
  expect(reasonOf(taken)).not.toMatch(/\.$/);
});

test('an answer that takes more room than other messages is read as a whole', async () => {
  await using review = await createReviewRig();
  const findings = Array.from({ length: 20 }, (_, n) => ({
    ...finding,
    title: `${n}`,
    message: 'x'.repeat(1500),
  }));
  const taken = await review.take(answer(block({ ...approval, findings })));
  expect(taken).toMatchObject({ kind: 'reviewed', findings });
  expect(taken.kind === 'reviewed' && Buffer.byteLength(taken.message)).toBe(16 * 1024);
});

test('without an agent nobody has reviewed, and nothing is started', async () => {
  await using review = await createReviewRig();
  const environment = { PATH: review.rig.path('empty') };
  const taken = await review.take('touch ../started', {}, { environment });
  expect(taken).toMatchObject({ kind: 'not-reviewed', agent: null, files: [] });
  expect(reasonOf(taken)).toContain('Found no agent on the path');
  const named = await review.take('touch ../started', { reviewer: { agent: 'claude' } });
  expect(reasonOf(named)).toContain('claude');
  expect(existsSync(review.rig.path('started'))).toBe(false);
});

test('the reviewer that is named counts before the agent of loops, whose arguments are not its own', async () => {
  await using review = await createReviewRig();
  const environment = {
    PATH: `${review.rig.path('bin')}:/usr/bin:/bin`,
    RLM_AGENT: 'claude',
    RLM_AGENT_ARGS: '-m x',
  };
  const script = `echo "$@" > ../call\n${answer(block(approval))}`;
  const reviewer = { agent: 'codex', agentArgs: ['-m', 'careful'] };
  expect(await review.take(script, { reviewer }, { environment })).toMatchObject({
    kind: 'reviewed',
  });
  expect(await review.rig.read('call')).toMatch(/-m careful$/m);
  expect(await review.take(script, {}, { environment })).toMatchObject({ agent: null });
});

test('a program without events reviews by what it prints, but not by printing its prompt', async () => {
  await using review = await createReviewRig();
  const prompt = `Review it. The repository has this:\n${block(approval)}`;
  const echo = await review.take('', { prompt, reviewer: { agentTemplate: 'cat' } });
  expect(echo).toMatchObject({ kind: 'not-reviewed', agent: 'command' });
  await review.rig.write({ 'own.md': block({ ...approval, findings: [finding] }) });
  const agentTemplate = `cat {prompt_file} '${review.rig.path('own.md')}'`;
  const own = await review.take('', { prompt, reviewer: { agentTemplate } });
  expect(own).toMatchObject({ kind: 'reviewed', findings: [finding] });
});

test('no secret is kept', async () => {
  await using review = await createReviewRig();
  const findings = [{ ...finding, message: `It prints ${secret}` }];
  const script = answer(block({ ...approval, findings }));
  const taken = await review.take(script, { prompt: `Mind ${secret}` });
  expect(JSON.stringify(taken)).toContain('It prints [REDACTED]');
  const kept = taken.files.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
  expect(JSON.stringify(taken) + kept).not.toContain(secret);
});

/** What goes on in a session of its own, in no group of the agent's. */
const stray = "setsid sh -c 'echo $$ > ../stray; exec sleep 300' > /dev/null 2>&1 &";
const waitForStray = 'while [ ! -s ../stray ]; do sleep 0.01; done';

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a review that is cancelled in mid-turn leaves no process', async () => {
  await using review = await createReviewRig();
  const controller = new AbortController();
  const cancel = (): void => {
    controller.abort();
  };
  const script = `${stray}\n${waitForStray}\necho $$ > ../agent\n${say(started)}\nsleep 300`;
  const ports: ReviewPorts = {
    signal: controller.signal,
    runProcess: (command, options) =>
      runProcess(command, {
        ...options,
        onRawOutput: (output) => {
          options.onRawOutput?.(output);
          cancel();
        },
      }),
  };
  const taken = await review.take(script, {}, ports);
  expect(taken).toMatchObject({ kind: 'not-reviewed', agent: 'codex' });
  expect(reasonOf(taken)).toContain('cancelled');
  for (const name of ['agent', 'stray']) {
    expect(isRunning(Number(await review.rig.read(name)))).toBe(false);
  }
});

test('what a review left running is ended with it', async () => {
  await using review = await createReviewRig();
  const script = `${stray}\n${waitForStray}\n${answer(block(approval))}`;
  expect(await review.take(script)).toMatchObject({ kind: 'reviewed' });
  expect(isRunning(Number(await review.rig.read('stray')))).toBe(false);
});

test.each([
  ['takes too long', { timeoutMs: 300 }, 'timed-out'],
  ['falls silent', { silenceTimeoutMs: 300 }, 'ended as silent'],
  ['prints without an end', { maxOutputBytes: 10_000 }, 'output-limit'],
])('an agent that %s has not reviewed', async (_, limits, reason) => {
  await using review = await createReviewRig();
  const flood = reason === 'output-limit' ? 'yes' : 'sleep 300';
  const taken = await review.take(`${say(started, message(block(approval)))}\n${flood}`, limits);
  expect(reasonOf(taken)).toContain(reason);
});
