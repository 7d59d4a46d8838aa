import { createHash } from 'node:crypto';

import { chunksOf } from './chunks.js';
import type { Part } from './chunks.js';
import { hostileExperienceLine } from './hostile-experience-line.js';
import { fileTime, isoTime } from './iso-time.js';
import { createDraws } from './seeded-draws.js';
import type { SeededDraws } from './seeded-draws.js';
import { words } from './words.js';

export interface ExperienceChunksOptions {
  readonly lines: number;
  readonly variant: 'compact' | 'realistic' | 'hostile';
  readonly seed: number;
  readonly domains: number;
}

/** Raise it when other lines come of the same options. */
export const experienceLineVersion = 1;

/** The task that experiences are of. */
export const experienceTaskId = 'task-0930';

/**
 * An `experiences.jsonl` of the task `task-0930` with domains `domain-0`, `domain-1` and so on, in chunks of
 * about a MiB. A hostile one ends in the middle of a line.
 */
export function experienceChunks(options: ExperienceChunksOptions): Generator<Buffer, void, void> {
  return chunksOf(partsOf(options));
}

function* partsOf(options: ExperienceChunksOptions): Generator<Part, void, void> {
  const { lines, variant } = options;
  for (let index = 0; index < lines; index += 1) {
    if (variant === 'compact') yield `${compactLine(index, options)}\n`;
    else if (variant === 'hostile') yield hostileExperienceLine(index, options, lineAt);
    else yield `${lineAt(index, options)}\n`;
  }
  if (variant === 'hostile') yield recordLine(lines, options).slice(0, 300);
}

/** Gives the realistic line of an index: how damaged ones are made of whole ones. */
export type ExperienceLineAt = (index: number, options: ExperienceChunksOptions) => string;

/**
 * Of ten lines nine are records as a store writes them, some 800 bytes, and one is a note about an earlier
 * one. One pair of lines in ten is a batch.
 */
const lineAt: ExperienceLineAt = (index, options) => {
  if (!isNote(index, options)) return recordLine(index, options);
  return noteLine(index, options);
};

function isNote(index: number, { seed }: ExperienceChunksOptions): boolean {
  return index > 0 && createDraws(seed ^ 0x27d4eb2f, index).below(10) === 0;
}

function recordLine(index: number, options: ExperienceChunksOptions): string {
  const { id, random, atMs } = recordAt(index, options);
  const { domains } = options;
  const domain = `domain-${index % domains}`;
  const text = Array.from({ length: 32 }, () => random.pick(words)).join(' ');
  const runId = `${fileTime(atMs)}-${random.hex(8)}`;
  const manifestPath = `.runs/${experienceTaskId}/cli/${runId}/manifest.json`;
  return JSON.stringify({
    id,
    runId,
    taskId: experienceTaskId,
    epoch: random.below(3) === 0 ? null : random.below(50),
    groupId: random.below(10) < 3 ? `group-${Math.floor(index / 4)}` : null,
    summary32: text,
    reward: { gtScore: random.below(10) < 6 ? 1 : 0, relativeRank: random.below(10_001) / 10_000 },
    toolStats: Array.from({ length: 1 + random.below(2) }, () => toolStatOf(random)),
    stampSignature: random.below(2) === 0 ? random.hex(64) : null,
    domain,
    createdAt: isoTime(atMs),
    manifestPath,
    // What is hashed is the text as a store normalises it; for lower-case words that is the text.
    contentHash: createHash('sha256').update(`${domain}\n${text}`).digest('hex'),
    stageId: random.below(4) === 0 ? 'test' : null,
    commit: random.hex(40),
    evidence: { path: manifestPath, sha256: random.hex(64) },
    source: 'run',
    ...batchOf(index, options),
  });
}

/** Both lines of a pair, or neither: half a batch would not count. */
function batchOf(index: number, options: ExperienceChunksOptions): object {
  const pair = Math.floor(index / 2);
  const random = createDraws(options.seed ^ 0x165667b1, pair);
  const first = pair * 2;
  if (random.below(10) > 0 || first + 1 >= options.lines) return {};
  if (isNote(first, options) || isNote(first + 1, options)) return {};
  return { batch: `${random.hex(8)}:${index - first + 1}/2` };
}

function noteLine(index: number, options: ExperienceChunksOptions): string {
  const random = createDraws(options.seed ^ 0x2c1b3c6d, index);
  const owner = recordBefore(index, 1 + random.below(Math.min(index, 200)), options);
  const { id } = recordAt(owner, options);
  const domain = `domain-${owner % options.domains}`;
  const atMs = startMs + index * stepMs;
  const head = { taskId: experienceTaskId, createdAt: isoTime(atMs) };
  const runId = `${fileTime(atMs)}-${random.hex(8)}`;
  const draw = random.below(20);
  if (draw === 0) return JSON.stringify({ note: 'pinned', ...head, id, domain });
  if (draw < 10) return JSON.stringify({ note: 'seen', ...head, id, domain, runId });
  return JSON.stringify({
    note: 'outcome',
    ...head,
    runId,
    attempt: 1,
    outcome: random.pick(['helped', 'helped', 'harmed', 'neutral']),
    used: [{ id, domain }],
  });
}

/** The nearest record at or before `index - back`; the first line is one. */
function recordBefore(index: number, back: number, options: ExperienceChunksOptions): number {
  let owner = index - back;
  while (isNote(owner, options)) owner -= 1;
  return owner;
}

function compactLine(index: number, options: ExperienceChunksOptions): string {
  const { id, random, atMs } = recordAt(index, options);
  const text = Array.from({ length: 12 }, () => random.pick(words)).join(' ');
  const relativeRank = random.below(10_001) / 10_000;
  return `{"id":"${id}","summary32":"${text}","reward":{"gtScore":${random.below(2)},"relativeRank":${relativeRank}},"domain":"domain-${index % options.domains}","createdAt":"${isoTime(atMs)}"}`;
}

interface DrawnRecord {
  readonly id: string;
  readonly atMs: number;
  readonly random: SeededDraws;
}

const startMs = Date.UTC(2026, 0, 5, 6, 0, 0);
const stepMs = 61_000;

function recordAt(index: number, { seed }: ExperienceChunksOptions): DrawnRecord {
  const random = createDraws(seed ^ 0x3c6ef372, index);
  const atMs = startMs + index * stepMs + random.below(stepMs);
  return { id: `exp-${atMs.toString(36)}-${random.hex(6)}`, atMs, random };
}

function toolStatOf(random: SeededDraws): object {
  const tokens = random.below(5000);
  return {
    tool: random.pick(['cli:command', 'shell', 'apply_patch', 'tests:unit', 'file.read']),
    tokens,
    latencyMs: random.below(4000),
    costUsd: (tokens * 2) / 1_000_000,
  };
}
