import type { Finished } from './built-in.js';
import type { Completeness } from './completeness.js';
import type {
  BaselineDocument,
  CompletenessDocument,
  Documents,
  LearningStateDocument,
  MttrDeltaDocument,
  PostRolloutDocument,
} from './document-types.js';
import type { Learning } from './learning.js';
import { summaryDocument } from './summary-document.js';
import type { Totals } from './totals.js';

const COMPLETION_THRESHOLD = 0.95;
const MISSING_THRESHOLD = 0.05;
const MTTR_FACTOR = 0.6;

const CHECKED_FIELDS = ['instance_stats', 'privacy_events', 'control_plane_status'] as const;

export interface DocumentOptions {
  /** `undefined` where there is none yet, null where there is one that nothing can be read from. */
  readonly baseline: BaselineDocument | null | undefined;
  /** As all documents but the baseline have it. */
  readonly updatedAt: string;
}

/** What is to be written; `undefined` where no entry counts. The order of members is part of the format. */
export function buildDocuments(
  finished: Finished,
  options: DocumentOptions,
): Documents | undefined {
  const documents = buildAllButEpochs(finished, options);
  const { epochs } = finished;
  if (documents === undefined || epochs.length === 0) return documents;
  const { mttrDelta, learningState, summary, ...others } = documents;
  return {
    ...others,
    perEpoch: { epochs, updated_at: options.updatedAt },
    ...(mttrDelta !== undefined && { mttrDelta }),
    learningState,
    summary,
  };
}

/** As `buildDocuments`, without what each epoch came to. */
export function buildAllButEpochs(
  finished: Omit<Finished, 'epochs'>,
  options: DocumentOptions,
): Omit<Documents, 'perEpoch'> | undefined {
  const { totals, durations, firstEntry } = finished;
  const { baseline = firstEntry, updatedAt } = options;
  if (totals.runs <= 0) return undefined;
  return {
    ...(options.baseline === undefined && firstEntry !== undefined && { baseline: firstEntry }),
    postRollout: postRolloutDocument(totals, updatedAt),
    completeness: completenessDocument(finished.completeness, updatedAt),
    ...(durations.meanSeconds !== null && {
      mttrDelta: mttrDeltaDocument(durations.meanSeconds, baseline, updatedAt),
    }),
    learningState: learningStateDocument(finished.learning, updatedAt),
    summary: summaryDocument(finished, updatedAt),
  };
}

function postRolloutDocument({ runs, succeeded }: Totals, updatedAt: string): PostRolloutDocument {
  const rate = succeeded / runs;
  return {
    total_runs: runs,
    succeeded_runs: succeeded,
    completion_rate: rate,
    meets_threshold: rate >= COMPLETION_THRESHOLD,
    updated_at: updatedAt,
  };
}

function completenessDocument(counted: Completeness, updatedAt: string): CompletenessDocument {
  const missing = {
    instance_stats: counted.withoutInstanceStats,
    privacy_events: counted.withoutPrivacyEvents,
    control_plane_status: counted.withoutControlPlaneStatus,
  };
  const total = CHECKED_FIELDS.reduce((sum, field) => sum + missing[field], 0);
  const ratio = total / (CHECKED_FIELDS.length * counted.runs);
  return {
    checked_fields: CHECKED_FIELDS,
    missing_counts: missing,
    missing_field_ratio: ratio,
    meets_threshold: ratio < MISSING_THRESHOLD,
    updated_at: updatedAt,
  };
}

function mttrDeltaDocument(
  current: number,
  baseline: BaselineDocument | null | undefined,
  updatedAt: string,
): MttrDeltaDocument {
  const base = baseline?.duration_seconds ?? current;
  return {
    baseline_mttr_seconds: base,
    current_mttr_seconds: current,
    reduction_percent: base > 0 ? (base - current) / base : 0,
    meets_threshold: base <= 0 || current <= base * MTTR_FACTOR,
    updated_at: updatedAt,
  };
}

function learningStateDocument(learning: Learning, updatedAt: string): LearningStateDocument {
  return {
    updated_at: updatedAt,
    safety: {
      validation: {
        passed: learning.validated,
        failed: learning.failed,
        stalled: learning.stalled,
        manual: learning.manual,
      },
      reviewer: {
        rejections: learning.reviewRejections,
        average_latency_ms: learning.meanReviewLatencyMs,
      },
      regression_detection: { detected: learning.regressionsDetected },
      pattern_hygiene: {
        promoted: learning.patternsPromoted,
        deprecated: learning.patternsDeprecated,
      },
    },
    throughput: { candidates: learning.throughputCandidates },
    alerts: {
      total: learning.alerts,
      snapshot_failed: learning.failedSnapshots,
      stalled_snapshot: learning.stalledSnapshots,
      needs_manual_scenario: learning.manual,
    },
  };
}
