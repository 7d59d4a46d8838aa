import { builtinPipeline } from './builtin-pipelines/builtin-config.js';
import type { BuiltinPipeline, BuiltinPipelineId } from './builtin-pipelines/builtin-config.js';
import type { FoundCommand } from './builtin-pipelines/command-rules.js';

/** What a starter configuration is made of. */
export interface StarterParts {
  /** The built-in pipelines to write out; the first one is the default. */
  readonly pipelineIds: readonly [BuiltinPipelineId, ...BuiltinPipelineId[]];
  readonly commands: readonly FoundCommand[];
  /** Reference for editors, when the schema is installed here. */
  readonly schema: string | undefined;
}

/** The file that `init` writes: the fields that it fills, in the order in which people read them. */
export interface StarterConfig {
  readonly $schema?: string;
  readonly defaultPipeline: string;
  readonly gates?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly pipelines: readonly BuiltinPipeline[];
}

/** Built-in pipelines as a file to edit: unedited, they are planned as if there were no file. */
export function starterConfig({ pipelineIds, commands, schema }: StarterParts): StarterConfig {
  const pipelines = pipelineIds.map((id) => builtinPipeline(id, commands));
  const gates = Object.entries(settingsToEdit).filter(([gate]) =>
    pipelines.some(({ stages }) => stages.some(({ id }) => id === gate)),
  );
  return {
    ...(schema === undefined ? {} : { $schema: schema }),
    defaultPipeline: pipelineIds[0],
    ...(gates.length === 0 ? {} : { gates: Object.fromEntries(gates) }),
    pipelines,
  };
}

/**
 * Defaults of gates that repositories differ in. Only of gates that judge every repository: a section of
 * its own asks `spec-guard` and its like to judge one that has nothing for them.
 */
const settingsToEdit: Required<StarterConfig>['gates'] = {
  'diff-budget': { maxFiles: 25, maxLines: 800 },
};
