import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeJsonAtomic } from '@codex-orchestrator/core';

import { builtinPipelineIds, isBuiltinPipeline } from '../builtin-pipelines/builtin-config.js';
import type { BuiltinPipelineId } from '../builtin-pipelines/builtin-config.js';
import { detectCommands } from '../builtin-pipelines/builtin-pipelines.js';
import type { RunCommand } from '../command.js';
import type { initGrammar } from '../command-grammar.js';
import { CliError, usageError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { printable } from '../render/printable.js';
import { starterConfig } from '../starter-config.js';
import type { StarterConfig, StarterParts } from '../starter-config.js';
import { findWorkspace } from '../workspace.js';

const schemaPath =
  'node_modules/@codex-orchestrator/pipeline/schema/codex.orchestrator.schema.json';

/** `init`: writes the built-in pipelines, with the commands that the repository already has, for editing. */
export const init: RunCommand<(typeof initGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const pipelineIds = readPipelineIds(flags.pipelines);
  const { root, configPath } = findWorkspace(io);
  const { commands, remarks } = detectCommands(root);
  const schema = existsSync(join(root, schemaPath)) ? `./${schemaPath}` : undefined;
  const config = starterConfig({ pipelineIds, commands, schema });
  await writeConfig(configPath, config, flags.force === true);
  for (const remark of remarks) io.stderr.write(`codex-orchestrator: ${printable(remark)}\n`);
  const { pipelines } = config;
  answer.give({ status: 'ok', config: configPath, stages: stagesOf(config), pipelines }, () => [
    `Wrote ${configPath}`,
    ...pipelines.map(({ id, stages }) => `  ${id}: ${stages.map((stage) => stage.id).join(', ')}`),
    ...(commands.length === 0 ? [] : ['Commands found:']),
    ...commands.map(({ command, origin }) => `  ${command} (${origin})`),
    'Next: codex-orchestrator start',
  ]);
  return exitCodes.succeeded.code;
};

/** The stages of the pipeline that runs without a name. */
function stagesOf({ pipelines: [first] }: StarterConfig): StarterConfig['pipelines'][0]['stages'] {
  return first?.stages ?? [];
}

function readPipelineIds(flag: string | undefined): StarterParts['pipelineIds'] {
  if (flag === undefined) return ['diagnostics', 'docs-review', 'implementation-gate'];
  const names = flag.split(',').map((name) => name.trim());
  const [first, ...rest] = [...new Set(names)].map(readPipelineId);
  return [first ?? 'diagnostics', ...rest];
}

function readPipelineId(name: string): BuiltinPipelineId {
  if (isBuiltinPipeline(name)) return name;
  const message = `Expected \`--pipelines\` to name built-in pipelines, got ${JSON.stringify(name)}`;
  throw usageError(message, `Use some of ${builtinPipelineIds.join(',')}`);
}

/** Without `force` the file is created exclusively: looking first and writing then could overwrite. */
function writeConfig(path: string, config: object, force: boolean): Promise<unknown> {
  if (force) return writeJsonAtomic(path, config);
  try {
    writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new CliError('CONFIG_EXISTS', `\`${path}\` exists already`, {
      cause,
      hint: 'Replace it with `codex-orchestrator init --force`',
      details: { path },
    });
  }
  return Promise.resolve();
}
