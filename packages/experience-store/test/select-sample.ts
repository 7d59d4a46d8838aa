import type { Experience } from '../src/record/record.js';
import type { SeededRandom } from '@codex-orchestrator/testing';

export const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z');
const DAY_MS = 24 * 60 * 60 * 1000;

/** An ISO time so many days before {@link NOW_MS}. */
export function daysAgo(days: number): string {
  return new Date(NOW_MS - days * DAY_MS).toISOString();
}

/** An experience with members that no test looks at, and those that one does. */
export function sampleExperience(members: Partial<Experience> = {}): Experience {
  return {
    id: 'exp-mwq2d766-43e895',
    runId: '2026-11-21T07-05-40-406Z-041fc697',
    taskId: 'ex1',
    epoch: null,
    groupId: null,
    summary32: 'The lock is stale after a crash: remove it by its owner.',
    reward: { gtScore: 1, relativeRank: 0 },
    toolStats: [],
    stampSignature: null,
    domain: 'implementation',
    createdAt: daysAgo(0),
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
    ...members,
  };
}

export function idsOf(experiences: readonly Experience[]): string[] {
  return experiences.map(({ id }) => id);
}

/** The values in another order, the same for the same random numbers. */
export function shuffled<T>(values: readonly T[], random: SeededRandom): T[] {
  return values
    .map((value) => ({ value, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
