import type { ExperienceStore } from '@codex-orchestrator/experience-store';

import type { Io } from '../io.js';
import type { Workspace } from '../workspace.js';
import { readExperienceOptions } from './experience-options.js';
import type { ExperienceOptions } from './experience-options.js';

export interface StorePorts {
  readonly workspace: Pick<Workspace, 'outDir' | 'runsDir'>;
  readonly io: Pick<Io, 'clock' | 'env'>;
  /** @default what the environment says */
  readonly options?: ExperienceOptions;
  /** Takes secrets out of what is recorded. @default the redactor of the environment, made when needed */
  readonly redact?: (text: string) => string;
}

/**
 * The experiences of a workspace. Loads the package of experiences and opens no file.
 *
 * @throws CoreError `INVALID_ENVIRONMENT`
 */
export async function openStore(ports: StorePorts): Promise<ExperienceStore> {
  const { workspace, io } = ports;
  const { budgets, maxWords } = ports.options ?? readExperienceOptions(io.env);
  const [{ openExperienceStore }, redact] = await Promise.all([
    import('./experience-store.js'),
    ports.redact ?? redactOf(io.env),
  ]);
  return openExperienceStore({
    runsDir: workspace.runsDir,
    outDir: workspace.outDir,
    clock: io.clock,
    budgets,
    maxWords,
    redact,
  });
}

/** A redactor costs milliseconds, and most calls only look things up. */
async function redactOf(env: Io['env']): Promise<(text: string) => string> {
  const { redactorFor } = await import('../privacy.js');
  let redactor: ReturnType<typeof redactorFor> | undefined;
  return (text) => (redactor ??= redactorFor(env)).text(text);
}
