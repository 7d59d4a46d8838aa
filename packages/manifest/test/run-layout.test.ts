import { parseTaskId } from '@codex-orchestrator/core';
import { expect, test } from 'vitest';

import { createRunLayout, createTaskLayout } from '../src/index.js';
import { sampleLayout, sampleRunId } from './sample-run.js';

const taskId = parseTaskId('demo');

test('every path of a run follows from root, task and run', () => {
  const layout = sampleLayout('/repo');
  const runDir = `/repo/.runs/demo/cli/${sampleRunId}`;
  expect(layout).toMatchObject({
    taskDir: '/repo/.runs/demo',
    taskRunsDir: '/repo/.runs/demo/cli',
    taskOutDir: '/repo/out/demo',
    runDir,
    manifestPath: `${runDir}/manifest.json`,
    journalPath: `${runDir}/runner.ndjson`,
    commandsDir: `${runDir}/commands`,
    errorsDir: `${runDir}/errors`,
  });
  expect(layout.stageLogPath(3, 'unit tests!')).toBe(`${runDir}/commands/03-unit-tests.log`);
  expect(layout.stageErrorPath(100, '///')).toBe(`${runDir}/errors/100-command.json`);
});

test('the folders of runs and results can lie elsewhere', () => {
  const layout = createTaskLayout({
    root: '/repo',
    runsDir: 'var/runs',
    outDir: '/srv/out',
    taskId,
  });
  expect(layout.taskDir).toBe('/repo/var/runs/demo');
  expect(layout.taskOutDir).toBe('/srv/out/demo');
});

test('records name paths from the root, and what lies outside by its full path', () => {
  const layout = createRunLayout({
    root: '/repo',
    runsDir: '/srv/runs',
    taskId,
    runId: sampleRunId,
  });
  expect(layout.relative('/repo/.runs/demo')).toBe('.runs/demo');
  expect(layout.relative('..hidden/file')).toBe('..hidden/file');
  expect(layout.relative(layout.manifestPath)).toBe(
    `/srv/runs/demo/cli/${sampleRunId}/manifest.json`,
  );
});
