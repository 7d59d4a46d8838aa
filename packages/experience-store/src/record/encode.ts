import type { Counters, ExperienceNote, ExperienceRecord } from './record.js';

/**
 * A record as one line of a log, without its newline. The order of its members is fixed: `id` comes
 * first, and those that the format's first writer knows before all others. What came of the record is
 * written where it is given and is not nothing.
 */
export function encodeRecord(record: ExperienceRecord & History): string {
  // Member by member: the order is part of the format, and what else an object has is not.
  const line = JSON.stringify({
    id: record.id,
    runId: record.runId,
    taskId: record.taskId,
    epoch: record.epoch,
    groupId: record.groupId,
    summary32: record.summary32,
    reward: { gtScore: record.reward.gtScore, relativeRank: record.reward.relativeRank },
    toolStats: record.toolStats.map(({ tool, tokens, latencyMs, costUsd }) => ({
      tool,
      tokens,
      latencyMs,
      costUsd,
    })),
    stampSignature: record.stampSignature,
    domain: record.domain,
    createdAt: record.createdAt,
    manifestPath: record.manifestPath,
    contentHash: record.contentHash,
    stageId: record.stageId,
    commit: record.commit,
    evidence:
      record.evidence === null
        ? null
        : { path: record.evidence.path, sha256: record.evidence.sha256 },
    source: record.source,
  });
  const history = JSON.stringify(historyOf(record));
  return history === '{}' ? line : `${line.slice(0, -1)},${history.slice(1)}`;
}

/** A note as one line of a log, without its newline. */
export function encodeNote(note: ExperienceNote): string {
  return JSON.stringify(note);
}

type History = Partial<Counters & { readonly pinned: boolean }>;

/** What came of a record as members of its line: those that are not nothing. */
export function historyOf(record: History): History {
  const { seen = 0, uses = 0, helped = 0, harmed = 0, pinned = false } = record;
  return {
    ...(seen > 0 && { seen }),
    ...(uses > 0 && { uses }),
    ...(helped > 0 && { helped }),
    ...(harmed > 0 && { harmed }),
    ...(pinned && { pinned }),
  };
}
