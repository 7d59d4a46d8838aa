import { describePlan } from '@codex-orchestrator/pipeline';

import type { RunCommand } from '../command.js';
import type { planGrammar } from '../command-grammar.js';
import { exitCodes } from '../exit-codes.js';
import { loadPlan } from '../load-plan.js';
import { redactorFor } from '../privacy.js';
import { renderPlan } from '../render/plan.js';
import { resolveTask } from '../task.js';
import { findWorkspace } from '../workspace.js';

/** `plan [pipeline]`: what `start` would run. Reads the configuration, runs and writes nothing. */
export const plan: RunCommand<(typeof planGrammar)['flags']> = (
  { flags, positionals },
  { io, answer },
) => {
  const workspace = findWorkspace(io);
  // Nothing of a plan depends on the task, but an id that `start` would refuse is refused here too.
  resolveTask({ flag: flags.task, env: io.env, root: workspace.root });
  const report = loadPlan({ workspace, pipelineId: positionals[0], target: flags.target }, io);
  const description = redactorFor(io.env, report.plan).json(describePlan(report.plan));
  answer.give(description, () => renderPlan(description));
  return Promise.resolve(exitCodes.succeeded.code);
};
