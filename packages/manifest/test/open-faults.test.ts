import { readdirSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault, FaultyCall } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { listRuns, openRunRecord, readJournal } from '../src/index.js';
import { sampleLayout, sampleStart } from './sample-run.js';

/** What is on disk, and whether opening said that it worked, with a fault planned per call. */
async function openWith(plan: (call: FaultyCall, nth: number) => Fault | undefined) {
  const rig = await createRig();
  const layout = sampleLayout(rig.root);
  let nth = 0;
  const { fs, calls } = faultyFileSystem(nodeFileSystem, (call) => plan(call, ++nth));
  const outcome = await openRunRecord(sampleStart(layout), { fs }).then(
    (record) => ({ record }),
    (error: unknown) => ({ error }),
  );
  return { rig, layout, calls, ...outcome };
}

async function countCalls(): Promise<number> {
  const { rig, calls } = await openWith(() => undefined);
  await rig[Symbol.asyncDispose]();
  return calls.length;
}

test('a process that dies at any system call of opening leaves a whole record or none', async () => {
  const total = await countCalls();
  let whole = 0;
  for (let died = 1; died <= total; died++) {
    const dead = (_: FaultyCall, nth: number): Fault | undefined =>
      nth >= died ? { kind: 'error', code: 'EIO' } : undefined;
    const { layout, ...outcome } = await openWith(dead);
    await using rig = outcome.rig;
    const { runs, unreadable } = await listRuns({ root: rig.root });
    expect(unreadable, `died at call ${died}`).toEqual([]);
    if (runs.length === 0) continue;
    whole += 1;
    expect(runs[0]).toMatchObject({ problems: [], manifest: { status: 'in_progress' } });
    const { events, tornTail } = await readJournal(layout.journalPath);
    expect({ events: events.length, tornTail }).toEqual({ events: 1, tornTail: undefined });
  }
  // Only what follows the rename can die with a record: the syncs of folders and opening the journal.
  expect(whole).toBeGreaterThan(3);
  expect(whole).toBeLessThan(total / 2);
});

test.for(['EIO', 'EACCES'])(
  'a call that fails with %s costs the record or nothing, and leaves no trace',
  async (code) => {
    const total = await countCalls();
    let refused = 0;
    for (let failing = 1; failing <= total; failing++) {
      const outcome = await openWith((_, nth) =>
        nth === failing ? { kind: 'error', code } : undefined,
      );
      await using rig = outcome.rig;
      if ('record' in outcome) {
        await outcome.record.close();
        expect((await listRuns({ root: rig.root })).runs, `call ${failing}`).toHaveLength(1);
        continue;
      }
      refused += 1;
      const name = `call ${failing}, ${outcome.calls[failing - 1]?.operation ?? ''}`;
      expect(outcome.error, name).toMatchObject({
        code: expect.stringMatching(/^(RECORD_OPEN_FAILED|PATH_ESCAPES_ROOT)$/) as string,
      });
      expect(readdirSync(rig.root), name).toEqual([]);
    }
    expect(refused).toBeGreaterThan(total / 2);
  },
);

test('a write that comes back short costs nothing but the record', async () => {
  for (const nth of [1, 2]) {
    const outcome = await openWith((call) =>
      call.operation === 'write' && call.nth === nth ? { kind: 'short', bytes: 5 } : undefined,
    );
    await using rig = outcome.rig;
    const { runs, unreadable } = await listRuns({ root: rig.root });
    expect(unreadable).toEqual([]);
    if ('record' in outcome) {
      await outcome.record.close();
      expect(runs[0]?.problems).toEqual([]);
    } else {
      expect(readdirSync(rig.root)).toEqual([]);
    }
  }
});
