import { readString } from '@codex-orchestrator/core';
import { formatProblem, loadConfig, planPipeline } from '@codex-orchestrator/pipeline';
import type {
  PipelineCatalog,
  PlanOptions,
  PlanReport,
  Problem,
} from '@codex-orchestrator/pipeline';

import { builtinPipelines, isBuiltinPipeline, withBuiltinPipelines } from './builtin-pipelines.js';
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
 * Reads the configuration and plans one pipeline of it, or else a built-in one; what the configuration
 * says to no effect is told on stderr.
 *
 * @throws CliError `CONFIG_NOT_FOUND`, `PIPELINE_NOT_FOUND`, `PLAN_REFUSED` with every problem
 * @throws PipelineError for a file that is no configuration
 */
export function loadPlan(
  request: PlanRequest,
  { env, stderr }: Pick<Io, 'env' | 'stderr'>,
): PlanReport {
  const { workspace, pipelineId } = request;
  const catalog = loadCatalog(workspace, pipelineId);
  const target = request.target ?? readString(env, 'CODEX_ORCHESTRATOR_TARGET_STAGE', undefined);
  const report = plan(catalog, pipelineId, target === undefined ? {} : { target });
  if (!report.ok) throw refusal(report.error, pipelineId ?? catalog.defaultPipeline, workspace);
  for (const warning of [...catalog.warnings, ...report.value.warnings]) {
    stderr.write(`codex-orchestrator: warning: ${printable(describe(warning, workspace))}\n`);
  }
  return report.value;
}

/** The configuration, or the built-in pipelines where one of them is meant and the configuration has none. */
function loadCatalog(workspace: Workspace, pipelineId: string | undefined): PipelineCatalog {
  const { root, configPath, isConfigNamed } = workspace;
  const catalog = loadConfig(root, isConfigNamed ? { configPath } : {});
  const wanted = pipelineId ?? catalog?.defaultPipeline;
  const isOwn = catalog?.pipelines.some(({ id }) => id === wanted) === true;
  if (wanted !== undefined && !isOwn && isBuiltinPipeline(wanted)) {
    return { ...builtinPipelines(), defaultPipeline: wanted };
  }
  if (catalog === undefined) throw missingConfig(workspace);
  return catalog;
}

/** Built-in pipelines are only read where the configuration names one that it does not have. */
function plan(
  catalog: PipelineCatalog,
  pipelineId: string | undefined,
  options: PlanOptions,
): ReturnType<typeof planPipeline> {
  const report = planPipeline(catalog, pipelineId, options);
  const lacksOne = !report.ok && report.error.some(({ code }) => code === 'PIPELINE_NOT_FOUND');
  return lacksOne ? planPipeline(withBuiltinPipelines(catalog), pipelineId, options) : report;
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
