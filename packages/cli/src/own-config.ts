import { loadConfig } from '@codex-orchestrator/pipeline';
import type { PipelineCatalog } from '@codex-orchestrator/pipeline';

import type { Workspace } from './workspace.js';

/**
 * The configuration of the repository itself, without what is built in; undefined where it has none.
 *
 * @throws PipelineError for a file that is no configuration, and where the one that is named is missing
 */
export function loadOwnConfig({
  root,
  configPath,
  isConfigNamed,
}: Pick<Workspace, 'configPath' | 'isConfigNamed' | 'root'>): PipelineCatalog | undefined {
  return loadConfig(root, isConfigNamed ? { configPath } : {});
}
