/** What a stage's environment is made from. All paths absolute. */
export interface StageEnvironmentParts {
  /** The environment that the whole run was started in. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly taskId: string;
  readonly runId: string;
  readonly pipelineId: string;
  readonly root: string;
  readonly runsDir: string;
  readonly outDir: string;
  readonly runDir: string;
  readonly manifestPath: string;
  /** Where the orchestrator itself is installed. */
  readonly packageRoot?: string;
  /** How a stage calls the orchestrator again. */
  readonly binPath?: string;
  /** Whether nobody is there to answer a question. */
  readonly nonInteractive?: boolean;
}

/**
 * The variables that every command of a run is started with. Whatever the run was started with is
 * handed on, except that the run's own variables replace those of an outer run: a stage that runs
 * the orchestrator again must not be told that it is its parent.
 */
export function createRunEnvironment(parts: StageEnvironmentParts): Record<string, string> {
  return {
    ...withoutUndefined(parts.inherited),
    ...(parts.nonInteractive === true ? nonInteractiveVariables(parts.inherited) : {}),
    CODEX_ORCHESTRATOR_TASK_ID: parts.taskId,
    CODEX_ORCHESTRATOR_RUN_ID: parts.runId,
    CODEX_ORCHESTRATOR_PIPELINE_ID: parts.pipelineId,
    CODEX_ORCHESTRATOR_MANIFEST_PATH: parts.manifestPath,
    CODEX_ORCHESTRATOR_RUN_DIR: parts.runDir,
    CODEX_ORCHESTRATOR_RUNS_DIR: parts.runsDir,
    CODEX_ORCHESTRATOR_OUT_DIR: parts.outDir,
    CODEX_ORCHESTRATOR_ROOT: parts.root,
    CODEX_ORCHESTRATOR_REPO_ROOT: parts.root,
    ...given('CODEX_ORCHESTRATOR_PACKAGE_ROOT', parts.packageRoot),
    ...given('CODEX_ORCHESTRATOR_BIN', parts.binPath),
  };
}

/** The environment of one stage: what its config sets wins over everything. */
export function createStageEnvironment(
  runEnvironment: Readonly<Record<string, string>>,
  stageEnv: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...runEnvironment, ...stageEnv };
}

/** Tells tools that nobody answers; a variable that was set already keeps its value. */
function nonInteractiveVariables(
  inherited: StageEnvironmentParts['inherited'],
): Record<string, string> {
  const wanted = {
    CODEX_NON_INTERACTIVE: '1',
    CODEX_NO_INTERACTIVE: '1',
    CODEX_INTERACTIVE: '0',
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => inherited[name] === undefined),
  );
}

function withoutUndefined(variables: StageEnvironmentParts['inherited']): Record<string, string> {
  const entries = Object.entries(variables);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function given(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
