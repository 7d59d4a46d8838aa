import { writeFileSync } from 'node:fs';

import { writeJsonAtomic } from '@codex-orchestrator/core';

import type { RunCommand } from '../command.js';
import type { initGrammar } from '../command-grammar.js';
import { CliError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { readRepositoryFacts } from '../repository-facts.js';
import { starterConfig } from '../starter-config.js';
import { findWorkspace } from '../workspace.js';

/** `init`: writes a configuration that runs the scripts the repository already has. */
export const init: RunCommand<(typeof initGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const { root, configPath } = findWorkspace(io);
  const config = starterConfig(readRepositoryFacts(root));
  await writeConfig(configPath, config, flags.force === true);
  const stages = config.pipelines.flatMap((pipeline) => pipeline.stages);
  answer.give({ status: 'ok', config: configPath, stages }, () => [
    `Wrote ${configPath}`,
    ...stages.map(({ id, command }) => `  ${id}: ${command}`),
    'Next: codex-orchestrator start',
  ]);
  return exitCodes.succeeded.code;
};

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
