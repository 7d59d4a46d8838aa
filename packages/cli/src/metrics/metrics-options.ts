import { readInteger } from '@codex-orchestrator/core';
import type { Environment } from '@codex-orchestrator/core';
import type { UpdateOptions } from '@codex-orchestrator/metrics';

/** What the environment says about metrics. */
export interface MetricsOptions {
  /** Privacy events of an entry; negative: all. */
  readonly maxPrivacyEvents: number;
  readonly update: Pick<UpdateOptions, 'pending' | 'rotation'>;
}

/** @throws CoreError `INVALID_ENVIRONMENT` */
export function readMetricsOptions(env: Environment): MetricsOptions {
  const maxBytes = readInteger(env, 'CODEX_METRICS_MAX_BYTES', undefined, { min: 1 });
  const maxLines = readInteger(env, 'CODEX_METRICS_MAX_LINES', undefined, { min: 1 });
  return {
    maxPrivacyEvents: readInteger(env, 'CODEX_METRICS_PRIVACY_EVENTS_MAX', -1),
    update: {
      rotation: {
        ...(maxBytes === undefined ? {} : { maxBytes }),
        ...(maxLines === undefined ? {} : { maxLines }),
      },
      pending: {
        maxLines: readInteger(env, 'CODEX_METRICS_PENDING_BATCH_MAX_LINES', 500),
        maxBytes: readInteger(env, 'CODEX_METRICS_PENDING_BATCH_MAX_BYTES', 1_048_576),
      },
    },
  };
}
