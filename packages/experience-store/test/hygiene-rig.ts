import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { encodeNote, encodeRecord } from '../src/record/encode.js';
import type { Experience, ExperienceNote } from '../src/record/record.js';

export interface LogRig extends Rig {
  readonly layout: ExperienceLayout;
  /** Writes the log anew. */
  log(lines: readonly string[]): Promise<void>;
  text(): Promise<string>;
}

export const LOG = 'out/t/experiences.jsonl';

export async function createLogRig(): Promise<LogRig> {
  const rig = await createRig();
  const layout = createExperienceLayout({
    taskId: 't',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  return {
    ...rig,
    layout,
    log: (lines) => rig.write({ [LOG]: lines.map((line) => `${line}\n`).join('') }),
    text: () => rig.read(LOG),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

export function experience(given: Partial<Experience> & { readonly id: string }): Experience {
  return {
    runId: 'run-1',
    taskId: 't',
    epoch: null,
    groupId: null,
    summary32: `What ${wordOf(given.id)} taught about it`,
    reward: { gtScore: 1, relativeRank: 0 },
    toolStats: [],
    stampSignature: null,
    domain: 'd',
    createdAt: '2026-01-01T00:00:00.000Z',
    manifestPath: null,
    contentHash: null,
    stageId: null,
    commit: null,
    evidence: null,
    source: null,
    seen: 0,
    uses: 0,
    helped: 0,
    harmed: 0,
    pinned: false,
    ...given,
  };
}

/** Texts that differ in numbers alone say the same. */
function wordOf(id: string): string {
  return id.replace(/[\d-]/g, (char) => (char === '-' ? 'z' : ('ghijklmnop'[Number(char)] ?? '')));
}

export function recordLine(given: Partial<Experience> & { readonly id: string }): string {
  return encodeRecord(experience(given));
}

export function markLine(note: 'pinned' | 'unpinned' | 'forgotten', id: string): string {
  const createdAt = '2026-01-02T00:00:00.000Z';
  return encodeNote({ note, taskId: 't', createdAt, id, domain: 'd' });
}

export function outcomeLine(
  outcome: 'helped' | 'harmed' | 'neutral',
  ids: readonly string[],
): string {
  const note: ExperienceNote = {
    note: 'outcome',
    taskId: 't',
    createdAt: '2026-01-02T00:00:00.000Z',
    runId: 'run-2',
    attempt: 1,
    outcome,
    used: ids.map((id) => ({ id, domain: 'd' })),
  };
  return encodeNote(note);
}
