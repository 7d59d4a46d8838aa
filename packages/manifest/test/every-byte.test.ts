import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openRunRecord, readJournal, reopenRunRecord, verifyRun } from '../src/index.js';
import type { RunLayout } from '../src/index.js';
import { unsyncedFileSystem, withContent } from './overlay.js';
import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

const timeoutMs = 300_000;
const newline = 10;

async function leaveRun(rig: Rig): Promise<RunLayout> {
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout, 1));
  record.append(stageStarted(1));
  record.append(stageFinished(1, { summary: 'fine — “ünïcode” \u{1F600}' }));
  await record.seal(succeeded);
  return layout;
}

/** The content with one bit of one byte changed; which bit goes round with the place. */
function flipped(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}

/** The number of the line that a byte belongs to; a newline belongs to the line that it ends. */
function lineAt(content: Buffer, at: number): number {
  return content.subarray(0, at).filter((byte) => byte === newline).length + 1;
}

test(
  'a bit that flips anywhere in a journal is found, and its line is named',
  async () => {
    await using rig = await createRig();
    const layout = await leaveRun(rig);
    const journal = readFileSync(layout.journalPath);
    for (let at = 0; at < journal.byteLength; at++) {
      const fs = withContent(layout.journalPath, flipped(journal, at));
      const { findings } = await verifyRun(layout, { fs });
      expect(findings[0]?.path, `byte ${at}`).toBe(layout.relative(layout.journalPath));
      expect(findings[0]?.line, `byte ${at}: ${JSON.stringify(findings)}`).toBe(
        lineAt(journal, at),
      );
    }
  },
  timeoutMs,
);

test(
  'a bit that flips anywhere in a manifest is found',
  async () => {
    await using rig = await createRig();
    const layout = await leaveRun(rig);
    const manifest = readFileSync(layout.manifestPath);
    for (let at = 0; at < manifest.byteLength; at++) {
      const fs = withContent(layout.manifestPath, flipped(manifest, at));
      const { findings } = await verifyRun(layout, { fs });
      const codes = findings.map(({ code, path }) => `${code} ${path}`);
      const path = layout.relative(layout.manifestPath);
      expect(codes, `byte ${at}`).toHaveLength(1);
      expect([`manifest-altered ${path}`, `manifest-damaged ${path}`]).toContain(codes[0]);
    }
  },
  timeoutMs,
);

test(
  'a sealed journal that is cut at any byte is not intact, and the place is named',
  async () => {
    await using rig = await createRig();
    const layout = await leaveRun(rig);
    const journal = readFileSync(layout.journalPath);
    for (let length = 0; length < journal.byteLength; length++) {
      const fs = withContent(layout.journalPath, journal.subarray(0, length));
      const { findings } = await verifyRun(layout, { fs });
      const lines = findings.map(({ line }) => line).filter((line) => line !== undefined);
      const cuts = findings.filter(({ code }) => code === 'journal-cut');
      expect(cuts, `cut at ${length}`).toHaveLength(1);
      if (length > 0) expect(lines[0], `cut at ${length}`).toBe(lineAt(journal, length));
    }
  },
  timeoutMs,
);

test(
  'a journal that is cut at any byte is gone on with, and what was cut is kept',
  async () => {
    await using rig = await createRig();
    const layout = await leaveRun(rig);
    const journal = readFileSync(layout.journalPath);
    const clock = createManualClock();
    const firstLine = journal.indexOf(newline) + 1;
    const manifest = readFileSync(layout.manifestPath);
    for (let length = 0; length <= journal.byteLength; length++) {
      writeFileSync(layout.journalPath, journal.subarray(0, length));
      writeFileSync(layout.manifestPath, manifest);
      const opening = reopenRunRecord(layout, { fs: unsyncedFileSystem, clock });
      if (length < firstLine) {
        await expect(opening).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
        expect(readFileSync(layout.journalPath)).toEqual(journal.subarray(0, length));
        continue;
      }
      const { record, repair } = await opening;
      const wholeLength = journal.lastIndexOf(newline, length - 1) + 1;
      const lines = lineAt(journal, wholeLength) - 1;
      expect(repair, `cut at ${length}`).toMatchObject({
        tornBytes: length - wholeLength,
        lostLines: 4 - lines,
      });
      if (repair.tornPath !== null) {
        const kept = readFileSync(rig.path(repair.tornPath));
        expect(kept).toEqual(journal.subarray(wholeLength, length));
        unsyncedFileSystem.unlink(rig.path(repair.tornPath));
      }
      record.append({
        type: 'run.resume_refused',
        actor: 'a',
        reason: 'r',
        code: 'RUN_BUSY',
        detail: 'd',
      });
      const { events, damaged, tornTail } = await readJournal(layout.journalPath);
      expect({ count: events.length, damaged, tornTail }, `cut at ${length}`).toEqual({
        count: lines + 1,
        damaged: [],
        tornTail: undefined,
      });
      await record.close();
    }
  },
  timeoutMs,
);

test(
  'a journal with a flipped bit is not gone on with unless it only looks torn, and nothing is changed',
  async () => {
    await using rig = await createRig();
    const layout = await leaveRun(rig);
    const journal = readFileSync(layout.journalPath);
    const last = journal.byteLength - 1;
    const before = readdirSync(layout.runDir);
    for (let at = 0; at < last; at++) {
      const damaged = flipped(journal, at);
      const fs = withContent(layout.journalPath, damaged);
      await expect(reopenRunRecord(layout, { fs }), `byte ${at}`).rejects.toMatchObject({
        code: 'JOURNAL_DAMAGED',
        message: expect.stringContaining(`Line ${lineAt(journal, at)} of`) as string,
      });
    }
    expect(readdirSync(layout.runDir)).toEqual(before);

    writeFileSync(layout.journalPath, flipped(journal, last));
    const { record, repair } = await reopenRunRecord(layout);
    expect(repair).toMatchObject({ lostLines: 1 });
    await record.close();
  },
  timeoutMs,
);
