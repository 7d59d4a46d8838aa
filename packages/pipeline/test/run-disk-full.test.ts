import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { openRunRecord, verifyRun } from '@codex-orchestrator/manifest';
import type { RunLayout } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import { recoverRun } from '../src/index.js';
import { command, createRunRig, isAlive, pipeline } from './run-rig.js';

interface Failing {
  /** Whether a write into this file fails now, as on a full disk. */
  readonly write?: (path: string) => boolean;
  /** Whether opening this file fails now, as without handles. */
  readonly open?: (path: string) => boolean;
}

/** The real file system, except where it is full or out of handles. */
function failingFileSystem(failing: Failing): FileSystem {
  const paths = new Map<number, string>();
  return {
    ...nodeFileSystem,
    open(path, flags, mode) {
      if (failing.open?.(path)) throw systemError('EMFILE');
      const fd = nodeFileSystem.open(path, flags, mode);
      paths.set(fd, path);
      return fd;
    },
    write(fd, view, position) {
      if (failing.write?.(paths.get(fd) ?? '')) throw systemError('ENOSPC');
      return nodeFileSystem.write(fd, view, position);
    },
  };
}

function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as planned`), { code });
}

test('a log that the disk has no room for is mentioned and changes no verdict', async () => {
  await using rig = await createRunRig();
  const fs = failingFileSystem({ write: (path) => path.endsWith('01-a.log') });
  const outcome = await rig.run([pipeline('p', command('a', 'echo x'), command('b', 'echo y'))], {
    fs,
  });
  expect(outcome.status).toBe('succeeded');
  expect(outcome.manifest.summary).toContain("Log of stage 'a' is incomplete: ENOSPC");
  expect(outcome.manifest.commands[0]).toMatchObject({ log_bytes: 0, log_omitted_bytes: 2 });
  // What is in the file is known from the seal.
  expect(outcome.manifest.artifacts.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['commands/02-b.log', 2],
    ['commands/01-a.log', 0],
  ]);
  expect(await verifyRun(outcome.layout)).toMatchObject({ verdict: 'intact' });
});

test('an error file that the disk has no room for is mentioned and leaves no part', async () => {
  await using rig = await createRunRig();
  const fs = failingFileSystem({ write: (path) => path.includes('/errors/') });
  const outcome = await rig.run([pipeline('p', command('a', 'exit 3'))], { fs });
  expect(outcome.manifest.commands[0]).toMatchObject({ exit_code: 3, error_file: null });
  expect(outcome.manifest.summary).toContain("Error file of stage 'a' could not be written");
  expect(await rig.list(outcome.layout.relative(outcome.layout.errorsDir))).toEqual([]);
});

test.each(['stage.started', 'stage.spawned', 'stage.finished'])(
  'a journal that is full at %s ends the run at once; with room again it says how it ended',
  async (type) => {
    await using rig = await createRunRig();
    let layout: RunLayout | undefined;
    let isFull = false;
    const fs = failingFileSystem({
      write: (path) => isFull && path.endsWith('runner.ndjson'),
    });
    const before = { 'stage.started': 'run.started', 'stage.spawned': 'stage.started' }[type];
    const run = rig.run(
      [
        pipeline(
          'p',
          command('a', 'sleep 0.2; echo $$ > pid; exec sleep 1000'),
          command('b', 'touch ran'),
        ),
      ],
      {
        fs,
        stageTimeoutMs: type === 'stage.finished' ? 500 : 600_000,
        observer: {
          onEvent: (event) => {
            isFull = event.type === (before ?? 'stage.spawned');
          },
        },
        openRecord: async (start, options) => {
          layout = start.layout;
          const record = await openRunRecord(start, options);
          const seal = record.seal.bind(record);
          return Object.assign(record, {
            seal: (end: Parameters<typeof seal>[0]) => {
              isFull = false;
              return seal(end);
            },
          });
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
    expect(await rig.list()).not.toContain('ran');
    if (!layout) throw new Error('no record');
    const { manifest, outcome } = await recoverRun(layout);
    expect(outcome).toBe('sealed');
    expect(manifest).toMatchObject({ status: 'failed', status_detail: 'record-failed' });
    expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
    const files = await rig.list();
    if (files.includes('pid')) expect(isAlive(Number(await rig.read('pid')))).toBe(false);
  },
);

test('a run without handles ends with its own outcome, and its record can be completed', async () => {
  await using rig = await createRunRig();
  let layout: RunLayout | undefined;
  let isOut = false;
  const fs = failingFileSystem({ open: () => isOut });
  const run = rig.run([pipeline('p', command('a', 'echo x; exit 3'), command('b', 'touch ran'))], {
    fs,
    observer: {
      onEvent: (event) => {
        isOut ||= event.type === 'stage.started';
      },
    },
    openRecord: (start, options) => {
      layout = start.layout;
      return openRunRecord(start, options);
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'MANIFEST_WRITE_FAILED' });
  isOut = false;
  if (!layout) throw new Error('no record');
  const { manifest, outcome } = await recoverRun(layout);
  expect(outcome).toBe('sealed');
  expect(manifest).toMatchObject({
    status: 'failed',
    status_detail: 'stage:a:failed',
    commands: [{ status: 'failed', exit_code: 3 }, { status: 'skipped' }],
  });
  expect(manifest.summary).toContain("Log of stage 'a' is incomplete: EMFILE");
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});
