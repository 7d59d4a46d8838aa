import { readString } from '@codex-orchestrator/core';
import { formatProblem, planPipeline } from '@codex-orchestrator/pipeline';
import type {
  PipelineCatalog,
  Plan,
  PlanOptions,
  PlanReport,
  Problem,
} from '@codex-orchestrator/pipeline';

import { isBuiltinPipeline, runsCommands } from './builtin-pipelines/builtin-config.js';
import {
  builtinPipelines,
  detectCommands,
  withBuiltinPipelines,
} from './builtin-pipelines/builtin-pipelines.js';
import { CliError } from './errors.js';
import type { Io } from './io.js';
import { loadOwnConfig } from './own-config.js';
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
 * says to no effect, and which commands a built-in pipeline goes without, is told on stderr.
 *
 * @throws CliError `CONFIG_NOT_FOUND`, also where built-in diagnostics would have nothing to run;
 * `PIPELINE_NOT_FOUND`; `PLAN_REFUSED` with every problem; `INVALID_PACKAGE_JSON` where a built-in pipeline runs
 * the scripts of one
 * @throws PipelineError for a file that is no configuration
 */
export function loadPlan(
  request: PlanRequest,
  { env, stderr }: Pick<Io, 'env' | 'stderr'>,
): PlanReport {
  const { workspace, pipelineId } = request;
  const { catalog, remarks } = loadCatalog(workspace, pipelineId);
  const target = request.target ?? readString(env, 'CODEX_ORCHESTRATOR_TARGET_STAGE', undefined);
  const options = { pipelineId, ...(target === undefined ? {} : { target }) };
  const { report, ...found } = plan(catalog, options, workspace);
  if (!report.ok) throw refusal(report.error, pipelineId ?? catalog.defaultPipeline, workspace);
  for (const remark of [...remarks, ...found.remarks]) {
    stderr.write(`codex-orchestrator: ${printable(remark)}\n`);
  }
  for (const warning of [...catalog.warnings, ...report.value.warnings]) {
    stderr.write(`codex-orchestrator: warning: ${printable(describe(warning, workspace))}\n`);
  }
  return report.value;
}

interface LoadedCatalog {
  readonly catalog: PipelineCatalog;
  /** What should be known about the commands that it was made of. */
  readonly remarks: readonly string[];
}

/** The configuration, or the built-in pipelines where one of them is meant and the configuration has none. */
function loadCatalog(workspace: Workspace, pipelineId: string | undefined): LoadedCatalog {
  const own = loadOwnConfig(workspace);
  const wanted = pipelineId ?? own?.defaultPipeline ?? 'diagnostics';
  const isOwn = own?.pipelines.some(({ id }) => id === wanted) === true;
  if (isOwn || !isBuiltinPipeline(wanted)) {
    if (own === undefined) throw missingConfig(workspace);
    return { catalog: own, remarks: [] };
  }
  const { commands, remarks } = runsCommands(wanted) ? detectCommands(workspace.root) : noCommands;
  if (wanted === 'diagnostics' && commands.length === 0) throw nothingToRun(workspace, remarks);
  const builtin = { ...builtinPipelines(commands), defaultPipeline: wanted };
  if (own === undefined) return { catalog: builtin, remarks };
  // Its other sections hold for a pipeline that it does not have, too.
  const { experiences, gates, problems, warnings } = own;
  return { catalog: { ...builtin, experiences, gates, problems, warnings }, remarks };
}

/** Diagnostics that run nothing would succeed, and be taken for an answer. */
function nothingToRun({ root, configPath }: Workspace, remarks: readonly string[]): CliError {
  const message = `There is nothing for the pipeline 'diagnostics' to run in \`${root}\`: ${remarks.join('; ')}`;
  return new CliError('CONFIG_NOT_FOUND', message, {
    hint: `Name the commands of the repository in ${configName}; \`codex-orchestrator init\` writes one to edit`,
    details: { path: configPath },
  });
}

const noCommands = { commands: [], remarks: [] } as const;

interface Planning extends Pick<LoadedCatalog, 'remarks'> {
  readonly report: ReturnType<typeof planPipeline>;
}

type Planned = PlanOptions & Pick<PlanRequest, 'pipelineId'>;

/** Built-in pipelines, and what they run, are looked for where the configuration names one that it does not have. */
function plan(
  catalog: PipelineCatalog,
  { pipelineId, ...options }: Planned,
  { root }: Workspace,
): Planning {
  const report = planPipeline(catalog, pipelineId, options);
  const lacksOne = !report.ok && report.error.some(({ code }) => code === 'PIPELINE_NOT_FOUND');
  if (!lacksOne) return { report, remarks: [] };
  const bare = planPipeline(withBuiltinPipelines(catalog), pipelineId, options);
  const own = new Set(catalog.pipelines.map(({ id }) => id));
  const needsCommands = (id: string): boolean =>
    !own.has(id) && isBuiltinPipeline(id) && runsCommands(id);
  if (!bare.ok || !nestedIds(bare.value.plan).some(needsCommands)) {
    return { report: bare, remarks: [] };
  }
  const { commands, remarks } = detectCommands(root);
  const whole = withBuiltinPipelines(catalog, commands);
  return { report: planPipeline(whole, pipelineId, options), remarks };
}

/** Ids of the pipelines that a plan runs inside. */
function nestedIds({ stages }: Plan): readonly string[] {
  return stages.flatMap((stage) =>
    stage.kind === 'subpipeline' ? [stage.plan.pipeline.id, ...nestedIds(stage.plan)] : [],
  );
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
