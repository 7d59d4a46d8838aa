import { parseConfig } from '@codex-orchestrator/pipeline';
import type { PipelineCatalog } from '@codex-orchestrator/pipeline';

/** Pipelines that need no configuration, as one would have them. A further one is a further element. */
const builtinConfig = {
  pipelines: [
    {
      id: 'rlm',
      title: 'RLM Loop',
      stages: [{ kind: 'rlm', id: 'rlm', title: 'Agent loop' }],
    },
  ],
} as const;

/** Whether there is a pipeline of this id where the configuration of a repository has none. */
export function isBuiltinPipeline(id: string): boolean {
  return builtinConfig.pipelines.some((pipeline) => pipeline.id === id);
}

/** The pipelines that the program brings along; their source is `default`. */
export function builtinPipelines(): PipelineCatalog {
  return parseConfig(JSON.stringify(builtinConfig), '(built in)', { source: 'default' });
}

/** A configuration with those of them that it has none of its own for, so that its stages can name them. */
export function withBuiltinPipelines(catalog: PipelineCatalog): PipelineCatalog {
  const own = new Set(catalog.pipelines.map(({ id }) => id));
  const others = builtinPipelines().pipelines.filter(({ id }) => !own.has(id));
  return { ...catalog, pipelines: [...catalog.pipelines, ...others] };
}
