import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { addContents } from '../src/index/content-table.js';
import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { CountedFiles } from '../src/log/read-cost.js';
import { LineScan } from '../src/log/scan-lines.js';
import type { ScannedLine } from '../src/log/scan-lines.js';
import { scanAtOnce } from '../src/log/scan-pieces.js';
import type { Experience, ExperienceInput, ExperienceNote } from '../src/record/record.js';
import type { IndexSnapshot, KnownRecord, WriteView } from '../src/write/write-view.js';

export const LOG = 'out/t/experiences.jsonl';

export interface WriteRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly layout: ExperienceLayout;
  /** What counts in the log now. */
  readLog(): LogContent;
}

export interface LogContent {
  readonly records: readonly Experience[];
  readonly notes: readonly ExperienceNote[];
  readonly lines: readonly ScannedLine[];
  readonly size: number;
}

export async function createWriteRig(): Promise<WriteRig> {
  const rig = await createRig();
  const layout = createExperienceLayout({
    taskId: 't',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  return {
    rig,
    layout,
    readLog: () => readLog(layout),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

export function readLog(layout: ExperienceLayout): LogContent {
  const records: Experience[] = [];
  const notes: ExperienceNote[] = [];
  const lines: ScannedLine[] = [];
  const visit = (scanned: ScannedLine): void => {
    lines.push(scanned);
    if (!scanned.isWhole) return;
    if (scanned.line.kind === 'record') records.push(scanned.line.record);
    if (scanned.line.kind === 'note') notes.push(scanned.line.note);
  };
  const files = new CountedFiles(nodeFileSystem);
  const fd = files.open(layout.logPath);
  const { size } = nodeFileSystem.fstat(fd);
  const scan = new LineScan({ taskId: layout.taskId, search: undefined, visit });
  scanAtOnce(scan, { fd, files, from: 0, size });
  files.close(fd);
  return { records, notes, lines, size };
}

export function input(members: Partial<ExperienceInput> = {}): ExperienceInput {
  return {
    runId: 'run-1',
    taskId: 't',
    summary: 'Run lint before the tests.',
    reward: { gtScore: 1, relativeRank: 0.5 },
    toolStats: [{ tool: 'npm', tokens: 10, latencyMs: 20, costUsd: 0.25 }],
    domain: 'implementation',
    ...members,
  };
}

/** A text of words alone, another one for each number. */
export function lesson(nth: number): string {
  const letters = `${nth}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  return `Lesson ${letters} says ${letters} and then what to do with ${letters} at last`;
}

/** An index of what the log was when it was last updated, with a table of contents on disk. */
export class SimpleIndex implements WriteView {
  updates = 0;
  snapshots = 0;
  readonly #layout: ExperienceLayout;
  readonly #kept = new Map<string, KnownRecord[]>();
  #snapshot: IndexSnapshot | undefined;

  constructor(layout: ExperienceLayout) {
    this.#layout = layout;
  }

  snapshot(): IndexSnapshot | undefined {
    this.snapshots += 1;
    return this.#snapshot;
  }

  candidates(domain: string): readonly KnownRecord[] {
    return this.#kept.get(domain) ?? [];
  }

  async update(): Promise<void> {
    this.updates += 1;
    const { lines, size } = readLog(this.#layout);
    const contents = [];
    for (const { line, offset } of lines) {
      if (line.kind !== 'record') continue;
      const { id, domain, contentHash, summary32: text } = line.record;
      const kept = this.#kept.get(domain) ?? [];
      if (kept.length < 3 && !kept.some((record) => record.id === id)) kept.push({ id, text });
      this.#kept.set(domain, kept);
      if (contentHash !== null) contents.push({ contentHash, offset });
    }
    const generation = 'g';
    await addContents({ path: this.#layout.contentTablePath, generation }, contents);
    this.#snapshot = { covered: size, generation };
  }
}
