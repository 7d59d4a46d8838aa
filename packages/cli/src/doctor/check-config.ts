import { messageOf } from '@codex-orchestrator/core';
import { formatProblem, planPipeline } from '@codex-orchestrator/pipeline';
import type { PipelineCatalog } from '@codex-orchestrator/pipeline';

import { withBuiltinPipelines } from '../builtin-pipelines/builtin-pipelines.js';
import type { Check } from '../doctor-checks.js';
import { problemsOfGates } from '../gates/gate-config.js';
import { loadOwnConfig } from '../own-config.js';
import { configName } from '../workspace.js';
import type { Workspace } from '../workspace.js';

const id = 'config';

/** Plans every pipeline of the configuration: what cannot be planned cannot run. */
export function checkConfig(workspace: Workspace): Check {
  try {
    const catalog = loadOwnConfig(workspace);
    return catalog === undefined ? missing() : judge(catalog);
  } catch (error) {
    return { id, status: 'error', message: messageOf(error) };
  }
}

/** No error: built-in pipelines and `exec` need no configuration. */
function missing(): Check {
  const hint = 'Write one with `codex-orchestrator init`';
  return {
    id,
    status: 'warning',
    message: `no ${configName}, so pipelines are the built-in ones`,
    hint,
  };
}

function judge(catalog: PipelineCatalog): Check {
  const ids = catalog.pipelines.flatMap((pipeline) => pipeline.id ?? []);
  const whole = withBuiltinPipelines(catalog);
  const refused = ids.flatMap((pipelineId) => {
    const report = planPipeline(whole, pipelineId);
    return report.ok ? [] : report.error;
  });
  const problems = [
    ...[...catalog.problems, ...refused].map((problem) => formatProblem(problem, configName)),
    ...problemsOfGates(catalog, configName),
  ];
  if (problems.length > 0)
    return { id, status: 'error', message: [...new Set(problems)].join('; ') };
  const count = String(ids.length);
  return { id, status: 'ok', message: `${count} pipelines, default ${catalog.defaultPipeline}` };
}
