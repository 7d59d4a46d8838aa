import { generateKeyPairSync } from 'node:crypto';
import { basename } from 'node:path';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  createEd25519Signer,
  listUnsealedRuns,
  openRunRecord,
  readJournal,
  readManifest,
  reopenRunRecord,
  verifyRun,
} from '../src/index.js';
import type { Manifest, Observability, RunHistory, RunRecordOptions } from '../src/index.js';
import { countedIn, fileHistory } from './file-history.js';
import { nextAttempt, sampleLayout, sampleRunId, sampleStart, succeeded } from './sample-run.js';

const failed = { ...succeeded, status: 'failed' } as const;

/** A history that refuses. */
const refusing: RunHistory = {
  add: () => Promise.reject(new Error('the history is full')),
  has: () => Promise.reject(new Error('the history is full')),
};

async function sealRun(
  rig: Rig,
  options: RunRecordOptions,
  end = succeeded as typeof succeeded | typeof failed,
) {
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout), options);
  await record.seal(end);
  return { layout, record };
}

async function stateOf({ root }: Rig) {
  const layout = sampleLayout(root);
  const { events } = await readJournal(layout.journalPath);
  const { manifest } = await readManifest(layout.manifestPath);
  const { layouts } = await listUnsealedRuns({ root });
  return {
    end: events.at(-1),
    isCounted: manifest.metrics_recorded,
    status: manifest.status,
    isMarked: layouts.length > 0,
  };
}

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    signer: createEd25519Signer(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
}

test('an attempt is counted between its durable end and the manifest', async () => {
  await using rig = await createRig();
  const { fs, steps } = tracing();
  const history = fileHistory(rig.path('history'), fs);
  const { publicKey, signer } = keys();
  const { layout } = await sealRun(rig, { fs, history, signer });

  expect(steps.slice(steps.indexOf('write history') - 2)).toEqual([
    'write runner.ndjson',
    'fsync runner.ndjson',
    'write history',
    'fsync history',
    `fsync ${basename(rig.root)}`,
    'write runner.ndjson',
    'fsync runner.ndjson',
    'write <temp>',
    'fsync <temp>',
    'rename signature.json',
    `fsync ${layout.runId}`,
    'write <temp>',
    'fsync <temp>',
    'rename manifest.json',
    `fsync ${layout.runId}`,
    `unlink ${layout.runId}`,
  ]);
  expect(await stateOf(rig)).toMatchObject({
    end: { type: 'run.recorded', attempt: 1, history: 'file' },
    isCounted: true,
    isMarked: false,
  });
  expect(await verifyRun(layout, { publicKey })).toMatchObject({
    verdict: 'intact',
    sealed: true,
    signature: 'valid',
    remarks: [],
  });
});

/** The real file system, which notes every change with the name of its file. */
function tracing(): { readonly fs: FileSystem; readonly steps: string[] } {
  const steps: string[] = [];
  const names = new Map<number, string>();
  const note = (operation: string, path = ''): void => {
    steps.push(`${operation} ${path.endsWith('.atomic-tmp') ? '<temp>' : basename(path)}`);
  };
  const fs: FileSystem = {
    ...nodeFileSystem,
    open(path, flags, mode) {
      const fd = nodeFileSystem.open(path, flags, mode);
      names.set(fd, path);
      return fd;
    },
    write(fd, view, position) {
      note('write', names.get(fd));
      return nodeFileSystem.write(fd, view, position);
    },
    fsync(fd) {
      note('fsync', names.get(fd));
      nodeFileSystem.fsync(fd);
    },
    rename(from, to) {
      note('rename', to);
      nodeFileSystem.rename(from, to);
    },
    unlink(path) {
      note('unlink', path);
      nodeFileSystem.unlink(path);
    },
  };
  return { fs, steps };
}

test('a history is told how the attempt ended and what recording had cost by then', async () => {
  await using rig = await createRig();
  const told: { readonly end: Manifest; readonly cost: Observability }[] = [];
  const add: RunHistory['add'] = (end, cost) => {
    told.push({ end, cost });
    return Promise.resolve();
  };
  const { record } = await sealRun(rig, { history: { ...refusing, add } });
  const [{ end, cost } = {}] = told;
  expect(told).toHaveLength(1);
  expect(end).toMatchObject({
    run_id: sampleRunId,
    attempt: 1,
    status: 'succeeded',
    duration_ms: 40,
    metrics_recorded: false,
    journal: { lines: 2 },
  });
  expect(cost).toMatchObject({ manifest_writes: 1, journal_lines: 2 });
  expect((await stateOf(rig)).end).toMatchObject({ history: 'metrics' });
  expect(record.problems).toEqual([]);
});

test('each attempt is counted, and none is while it goes on', async () => {
  await using rig = await createRig();
  const history = fileHistory(rig.path('history'), nodeFileSystem);
  const { layout } = await sealRun(rig, { history }, failed);
  const { record } = await reopenRunRecord(layout, { history });
  expect(record.manifest.metrics_recorded).toBe(true);
  await record.beginAttempt(nextAttempt(record));
  expect(await stateOf(rig)).toMatchObject({ isCounted: false, isMarked: true });
  await record.seal(succeeded);
  expect(await stateOf(rig)).toMatchObject({
    end: { type: 'run.recorded', attempt: 2 },
    isCounted: true,
    isMarked: false,
  });
  expect(counted(rig)).toEqual([`${sampleRunId} 1`, `${sampleRunId} 2`]);
});

function counted(rig: Rig): string[] {
  return countedIn(rig.path('history'), nodeFileSystem);
}

test('a history that fails changes nothing but that the run stays marked until it works', async () => {
  await using rig = await createRig();
  const { publicKey, signer } = keys();
  const { layout, record } = await sealRun(rig, { history: refusing, signer });
  expect(record.problems).toMatchObject([
    { code: 'HISTORY_FAILED', message: expect.stringContaining('the history is full') as string },
  ]);
  const uncounted = {
    end: { type: 'run.finished' },
    isCounted: false,
    status: 'succeeded',
    isMarked: true,
  };
  expect(await stateOf(rig)).toMatchObject(uncounted);
  const intact = { verdict: 'intact', sealed: true, signature: 'valid' };
  expect(await verifyRun(layout, { publicKey })).toMatchObject(intact);

  await checkpoint(layout, { history: refusing });
  expect(await stateOf(rig)).toMatchObject(uncounted);

  // Without the key what is signed stays signed; with it the signature covers what has come since.
  const history = fileHistory(rig.path('history'), nodeFileSystem);
  await checkpoint(layout, { history });
  expect(await stateOf(rig)).toMatchObject({ isCounted: true, isMarked: false });
  expect(counted(rig)).toEqual([`${sampleRunId} 1`]);
  expect(await verifyRun(layout, { publicKey })).toMatchObject(intact);
  await checkpoint(layout, { history, signer });
  expect(JSON.parse(await rig.read(layout.relative(layout.signaturePath)))).toMatchObject({
    lines: 3,
  });
  expect(counted(rig)).toHaveLength(1);
});

async function checkpoint(
  layout: ReturnType<typeof sampleLayout>,
  options: RunRecordOptions,
): Promise<void> {
  const { record } = await reopenRunRecord(layout, options);
  await record.checkpoint();
  await record.close();
}

test('who counts nothing completes a seal as ever, and a run without a marker stays uncounted', async () => {
  await using rig = await createRig();
  const { layout } = await sealRun(rig, { history: refusing });
  await checkpoint(layout, {});
  const uncounted = { end: { type: 'run.finished' }, isCounted: false, isMarked: false };
  expect(await stateOf(rig)).toMatchObject(uncounted);
  await checkpoint(layout, { history: fileHistory(rig.path('history'), nodeFileSystem) });
  expect(await stateOf(rig)).toMatchObject(uncounted);
  expect(counted(rig)).toEqual([]);
});

test('nothing on disk says how the run ended before it is counted', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  const seen: string[] = [];
  const cancelling = { type: 'run.cancelling', signal: null, reason: 'enough' } as const;
  const add: RunHistory['add'] = async () => {
    await clock.advance(60_000);
    seen.push((await readManifest(layout.manifestPath)).manifest.status);
    expect(() => record.append(cancelling)).toThrow(
      expect.objectContaining({ code: 'RECORD_SEALED' }) as Error,
    );
  };
  const record = await openRunRecord(sampleStart(layout), { clock, history: { ...refusing, add } });
  // A snapshot is due within the second.
  record.append(cancelling);
  record.append(cancelling);
  await record.seal(succeeded);
  expect(seen).toEqual(['in_progress']);
  expect(await stateOf(rig)).toMatchObject({ isCounted: true, isMarked: false });
});

test('a line that cannot say that the attempt is counted costs nothing else', async () => {
  const full: Fault = { kind: 'error', code: 'ENOSPC' };
  for (const fault of [full, { ...full, after: true }, { kind: 'short', bytes: 20 } as const]) {
    await using rig = await createRig();
    const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
      operation === 'write' && (args[1] as Buffer).includes('"run.recorded"') ? fault : undefined,
    );
    const history = fileHistory(rig.path('history'), nodeFileSystem);
    const { layout, record } = await sealRun(rig, { fs, history });
    expect(record.problems).toMatchObject([{ code: 'HISTORY_FAILED' }]);
    expect(await stateOf(rig)).toMatchObject({ isCounted: false, isMarked: true });
    expect(await verifyRun(layout)).toMatchObject({
      verdict: 'intact',
      sealed: true,
      findings: [],
    });
    await checkpoint(layout, { history });
    expect(await stateOf(rig)).toMatchObject({ isCounted: true, isMarked: false });
    expect(counted(rig)).toEqual([`${sampleRunId} 1`]);
  }
});

test('refused attempts may come between the end and its counting', async () => {
  await using rig = await createRig();
  const { layout } = await sealRun(rig, { history: refusing });
  const history = fileHistory(rig.path('history'), nodeFileSystem);
  const { record } = await reopenRunRecord(layout);
  const refusal = { actor: 'me', reason: 'again', code: 'RUN_SUCCEEDED', detail: 'done' };
  record.append({ type: 'run.resume_refused', ...refusal });
  await record.close();
  await checkpoint(layout, { history });
  expect(await stateOf(rig)).toMatchObject({ end: { type: 'run.recorded' }, isMarked: false });
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});
