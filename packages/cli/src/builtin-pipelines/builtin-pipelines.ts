import { parseConfig } from '@codex-orchestrator/pipeline';
import type { PipelineCatalog } from '@codex-orchestrator/pipeline';

import { builtinPipeline, builtinPipelineIds } from './builtin-config.js';
import type { FoundCommand } from './command-rules.js';
import { findCommands } from './find-commands.js';
import { openRepositoryFiles } from './repository-files.js';

/** What a repository has to offer to the built-in pipelines. */
export interface DetectedCommands {
  readonly commands: readonly FoundCommand[];
  /** What should be known about that, one sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Looks for the commands of a repository, without running any.
 *
 * @param root Absolute.
 * @throws CliError `INVALID_PACKAGE_JSON`
 */
export function detectCommands(root: string): DetectedCommands {
  const files = openRepositoryFiles(root);
  const commands = findCommands(files);
  const missing = expected.filter((check) => !commands.some((found) => found.check === check));
  const unreadable = [...files.unreadable].map(([name, reason]) => {
    return `commands of \`${name}\` were not looked for: ${reason}`;
  });
  return { commands, remarks: [...unreadable, ...missingWords(missing)] };
}

/** A repository without a type checker lacks nothing. */
const expected = ['build', 'lint', 'test'] as const;

function missingWords(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const last = missing.slice(-1);
  const names = [...(missing.length > 1 ? [missing.slice(0, -1).join(', ')] : []), ...last];
  return [`no ${names.join(' or ')} command found`];
}

/**
 * The pipelines that the program brings along; their source is `default`.
 *
 * @param commands Those of the repository. @default none, which is enough to know the pipelines by name
 */
export function builtinPipelines(commands: readonly FoundCommand[] = []): PipelineCatalog {
  const pipelines = builtinPipelineIds.map((id) => builtinPipeline(id, commands));
  return parseConfig(JSON.stringify({ pipelines }), '(built in)', { source: 'default' });
}

/** A configuration with those of them that it has none of its own for, so that its stages can name them. */
export function withBuiltinPipelines(
  catalog: PipelineCatalog,
  commands: readonly FoundCommand[] = [],
): PipelineCatalog {
  const own = new Set(catalog.pipelines.map(({ id }) => id));
  const others = builtinPipelines(commands).pipelines.filter(({ id }) => !own.has(id));
  return { ...catalog, pipelines: [...catalog.pipelines, ...others] };
}
