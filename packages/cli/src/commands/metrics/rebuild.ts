import { rebuildAggregates } from '@codex-orchestrator/metrics';

import type { RunCommand } from '../../command.js';
import type { metricsRebuildGrammar } from '../../metrics-grammar.js';
import { countHistory } from './count-history.js';

/** `metrics rebuild`: counts the whole history anew. */
export const metricsRebuild: RunCommand<(typeof metricsRebuildGrammar)['flags']> = (
  { flags },
  context,
) => countHistory(rebuildAggregates, flags.task, context);
