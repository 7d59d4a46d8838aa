import { chmod } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createReviewer } from '../src/gates/reviewer.js';

const finding = {
  severity: 'high',
  file: 'src/a.ts:3',
  title: 'Off by one.',
  message: 'It skips.',
};

/** Has a shell script be the codex of a review, whose last message is this. */
async function review(rig: Rig, message: string, more: object = {}) {
  const item = { type: 'agent_message', text: message };
  const events = [{ type: 'item.completed', item }, { type: 'turn.completed' }];
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  await rig.write({
    'bin/codex': `#!/bin/sh\ncat > /dev/null\ncat <<'END'\n${lines}\nEND\n`,
    'repo/a': '',
  });
  await chmod(rig.path('bin/codex'), 0o755);
  const take = createReviewer({
    settings: undefined,
    root: rig.path('repo'),
    folder: rig.path('review'),
    environment: { PATH: `${rig.path('bin')}:/usr/bin:/bin` },
    signal: new AbortController().signal,
    ...more,
  });
  return take({ prompt: 'Review it.', timeoutMs: 20_000 });
}

function block(...findings: readonly object[]): string {
  return `\`\`\`json\n${JSON.stringify({ version: 1, verdict: 'request_changes', findings })}\n\`\`\``;
}

test('the findings of an agent become those of a gate, and its files are told', async () => {
  await using rig = await createRig();
  const told: string[] = [];
  const onFiles = (files: readonly { path: string; sha256: string }[]): void => {
    told.push(...files.map(({ path }) => path));
  };
  const message = block(finding, { severity: 'low', title: 'Say why' });
  expect(await review(rig, message, { onFiles })).toEqual({
    kind: 'reviewed',
    agent: 'codex',
    verdict: 'request_changes',
    omitted: 0,
    message,
    findings: [
      {
        ...{ rule: 'review-finding', severity: 'high', file: 'src/a.ts', line: 3 },
        ...{ message: 'Off by one: It skips', fix: null },
      },
      {
        ...{ rule: 'review-finding', severity: 'low', file: null, line: null },
        ...{ message: 'Say why', fix: null },
      },
    ],
    files: told,
  });
  expect(told).toContain(rig.path('review/answer.md'));
});

test('an agent that does not answer in the form has not reviewed, nor has one that is not there', async () => {
  await using rig = await createRig();
  expect(await review(rig, 'Looks good!')).toMatchObject({
    kind: 'not-reviewed',
    agent: 'codex',
    reason: expect.stringContaining('no findings in the form asked for') as string,
    files: expect.arrayContaining([rig.path('review/prompt.md')]) as string[],
  });
  const absent = await review(rig, block(finding), { settings: { agent: 'gemini' } });
  expect(absent).toMatchObject({ kind: 'not-reviewed', agent: null, files: [] });
});
