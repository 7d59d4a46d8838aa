import { spawn } from 'node:child_process';
import { once } from 'node:events';

import {
  effectiveStatus,
  foldEvents,
  readJournal,
  readManifest,
} from '@codex-orchestrator/manifest';
import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { isAlive, waitUntil } from './run-rig.js';

test('a run that is killed with SIGKILL leaves a true record and no process', async () => {
  await using rig = await createRig();
  await using program = await bundleChildProgram(
    new URL('fixtures/crashing-run.ts', import.meta.url),
  );
  const child = spawn(process.execPath, [program.path, rig.root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // Output that has come through is that of a command which the guard knows of.
  await waitUntil(() => output.includes('up\n'));
  child.kill('SIGKILL');
  await once(child, 'close');

  const files = await rig.list();
  const pathOf = (name: string): string =>
    rig.path(files.find((path) => path.endsWith(name)) ?? 'missing');
  const { events, tornTail } = await readJournal(pathOf('runner.ndjson'));
  expect(tornTail).toBeUndefined();
  expect(foldEvents(events)).toMatchObject({
    status: 'in_progress',
    commands: [
      { id: 'first', status: 'succeeded', summary: 'done' },
      { id: 'hang', status: 'running' },
      { id: 'never', status: 'pending' },
    ],
  });
  const { manifest } = await readManifest(pathOf('manifest.json'));
  expect(effectiveStatus(manifest).status).toBe('interrupted');

  const pid = Number(await rig.read('child.pid'));
  await waitUntil(() => !isAlive(pid));
  expect(files).not.toContain('ran');
});
