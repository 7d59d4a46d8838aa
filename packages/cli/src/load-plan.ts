import { readString } from '@codex-orchestrator/core';
import { formatProblem, loadConfig, planPipeline } from '@codex-orchestrator/pipeline';
import type { PipelineCatalog, PlanReport, Problem } from '@codex-orchestrator/pipeline';

import { CliError } from './errors.js';
import type { Io } from './io.js';
import { printable } from './render/printable.js';
import { configName, missingConfig } from './workspace.js';
import type { Workspace } from './workspace.js';

export interface PlanRequest {
  readonly workspace: Workspace;
  /** Undefined means the config's own default. */
  readonly pipelineId: string | undefined;
  /** Value of `--target`. */
  readonly target: string | undefined;
}

/**
 * Reads the configuration and plans one pipeline of it; what the configuration says to no effect is
 * told on stderr.
 *
 * @throws CliError `CONFIG_NOT_FOUND`, `PIPELINE_NOT_FOUND`, `PLAN_REFUSED` with every problem
 * @throws PipelineError for a file that is no configuration
 */
export function loadPlan(
  request: PlanRequest,
  { env, stderr }: Pick<Io, 'env' | 'stderr'>,
): PlanReport {
  const { workspace, pipelineId } = request;
  const catalog = loadCatalog(workspace);
  const target = request.target ?? readString(env, 'CODEX_ORCHESTRATOR_TARGET_STAGE', undefined);
  const report = planPipeline(catalog, pipelineId, target === undefined ? {} : { target });
  if (!report.ok) throw refusal(report.error, pipelineId ?? catalog.defaultPipeline, workspace);
  for (const warning of [...catalog.warnings, ...report.value.warnings]) {
    stderr.write(`codex-orchestrator: warning: ${printable(describe(warning, workspace))}\n`);
  }
  return report.value;
}

function loadCatalog(workspace: Workspace): PipelineCatalog {
  const { root, configPath, isConfigNamed } = workspace;
  const catalog = loadConfig(root, isConfigNamed ? { configPath } : {});
  if (catalog === undefined) throw missingConfig(workspace);
  return catalog;
}

function refusal(problems: readonly Problem[], pipelineId: string, workspace: Workspace): CliError {
  const [first] = problems;
  // A subpipeline that is missing has a path inside the pipelines.
  const isTheOneAsked = first?.path === '' || first?.path === 'defaultPipeline';
  const unknown = first?.code === 'PIPELINE_NOT_FOUND' && isTheOneAsked;
  const details = { path: workspace.configPath, problems };
  if (unknown) {
    const hint = first.fix === undefined ? {} : { hint: first.fix };
    const message = `Pipeline '${pipelineId}' not found in ${workspace.configPath}`;
    return new CliError('PIPELINE_NOT_FOUND', message, { ...hint, details });
  }
  const lines = problems.map((problem) => `  ${describe(problem, workspace)}`);
  const message = [`Pipeline '${pipelineId}' cannot be planned:`, ...lines].join('\n');
  return new CliError('PLAN_REFUSED', message, { details });
}

function describe(problem: Problem, { isConfigNamed, configPath }: Workspace): string {
  return formatProblem(problem, isConfigNamed ? configPath : configName);
}
