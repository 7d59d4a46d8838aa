import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call } from './call.js';
import { pipelineOf } from './pipeline-of.js';

test('a terminal shows the running stage with its last line, which commands nothing', async () => {
  await using rig = await createRig();
  const command =
    'printf "busy\\033[2J\\033]0;x\\007 now\\n"; until [ -e go ]; do sleep 0.05; done';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  let begun: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const started = call(['start', '--task=t', '--format=ndjson'], {
    cwd: rig.root,
    onOutput: begun,
  });
  await running;
  const attached = call(['attach', '--interactive'], { cwd: rig.root, isTTY: true, onError: look });
  function look(text: string): void {
    if (text.includes('busy now')) void rig.write({ go: '' });
  }
  const { exitCode, stdout, stderr } = await attached;
  await started;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Status: succeeded');
  expect(stderr).toMatch(/\[1\/1\] a \d\.\ds .*busy now/);
  expect(stderr).not.toContain('\u001b[2J');
});
