import { formatProblem, PipelineError } from '@codex-orchestrator/pipeline';
import type { PipelineCatalog } from '@codex-orchestrator/pipeline';
import type { GateSettings } from '@codex-orchestrator/gates';

import { builtinPipelineIds } from '../builtin-pipelines/builtin-config.js';
import { loadOwnConfig } from '../own-config.js';
import { configName } from '../workspace.js';
import type { Workspace } from '../workspace.js';

/** What a repository says to its gates. */
export interface GateConfig {
  readonly settings: GateSettings;
  /** Ids of the pipelines that can be started here, the built-in ones included. */
  readonly pipelineIds: readonly string[];
}

/**
 * Reads the section `gates` of a configuration; one without it, and a repository without a configuration,
 * leave everything to the gates' own defaults.
 *
 * @throws PipelineError `INVALID_CONFIG` also where that section is wrong, names that nobody knows included:
 * gates that are not set up as somebody wanted must not pass by accident.
 */
export function readGateConfig(workspace: Workspace): GateConfig {
  const { configPath, isConfigNamed } = workspace;
  const catalog = loadOwnConfig(workspace);
  const name = isConfigNamed ? configPath : configName;
  const problems = catalog === undefined ? [] : problemsOfGates(catalog, name);
  if (problems.length > 0) {
    const message = `The section \`gates\` cannot be used: ${problems.join('; ')}`;
    throw new PipelineError('INVALID_CONFIG', message, { path: configPath });
  }
  const own = catalog?.pipelines.flatMap(({ id }) => id ?? []) ?? [];
  return {
    settings: catalog?.gates ?? {},
    pipelineIds: [...new Set([...own, ...builtinPipelineIds])],
  };
}

/** Why no gate would run with this configuration, one sentence each. */
export function problemsOfGates(
  { problems, warnings }: Pick<PipelineCatalog, 'problems' | 'warnings'>,
  name: string,
): string[] {
  return [...problems, ...warnings]
    .filter(({ path }) => path === 'gates' || /^gates[.[]/.test(path))
    .map((problem) => formatProblem(problem, name));
}
