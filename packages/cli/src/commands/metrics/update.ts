import { updateAggregates } from '@codex-orchestrator/metrics';

import type { RunCommand } from '../../command.js';
import type { metricsUpdateGrammar } from '../../metrics-grammar.js';
import { countHistory } from './count-history.js';

/** `metrics update`: counts what is new in the history. */
export const metricsUpdate: RunCommand<(typeof metricsUpdateGrammar)['flags']> = (
  { flags },
  context,
) => countHistory(updateAggregates, flags.task, context);
