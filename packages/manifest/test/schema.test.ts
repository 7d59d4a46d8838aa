import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type * as z from 'zod/mini';
import { expect, expectTypeOf, test } from 'vitest';

import { manifestSchema, openRunRecord, readJournal, runEventSchema } from '../src/index.js';
import type { Manifest, ManifestSchema, RunEvent, RunEventSchema } from '../src/index.js';
import { randomRun } from './random-run.js';
import { sampleLayout, sampleStart } from './sample-run.js';

/** The same without `readonly`, which zod's types do not have. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;

test('the types and the schemas say the same', () => {
  expectTypeOf<z.infer<ManifestSchema>>().toEqualTypeOf<Writable<Manifest>>();
  expectTypeOf<z.infer<RunEventSchema>>().toEqualTypeOf<Writable<RunEvent>>();
});

test('everything that is written is valid to the letter: every snapshot and every line', async () => {
  for (let seed = 100; seed < 115; seed++) {
    await using rig = await createRig();
    const layout = sampleLayout(rig.root);
    const clock = createManualClock();
    const run = randomRun(seed);
    const expectValid = async (): Promise<void> => {
      const manifest = await rig.readJson(layout.relative(layout.manifestPath));
      expect(manifestSchema().safeParse(manifest).error?.issues, `seed ${seed}`).toBeUndefined();
    };
    const record = await openRunRecord(sampleStart(layout, run.stageCount), { clock });
    await expectValid();
    for (const event of run.events) {
      record.append(event);
      await clock.advance(1000);
      await expectValid();
    }
    await record.seal(run.end);
    await expectValid();

    for (const event of (await readJournal(layout.journalPath)).events) {
      expect(runEventSchema().safeParse(event).error?.issues, `seed ${seed}`).toBeUndefined();
    }
  }
});

test('the writer has no room for members that are not in the schema', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await using record = await openRunRecord(sampleStart(layout));
  const extra = { ...record.manifest, extra: 1 };
  expect(manifestSchema().safeParse(extra).success).toBe(false);
});
