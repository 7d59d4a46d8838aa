import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { currentProcessIdentity, messageOf, parseRunId } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import type { ExperienceStore } from '@codex-orchestrator/experience-store';
import { createRunLayout } from '@codex-orchestrator/manifest';
import type { Manifest, RunContext, RunHistory } from '@codex-orchestrator/manifest';
import type { ExperienceConfig } from '@codex-orchestrator/pipeline';

import type { Io } from '../io.js';
import { loadOwnConfig } from '../own-config.js';
import type { Workspace } from '../workspace.js';
import { readExperienceOptions } from './experience-options.js';
import type { ExperienceOptions } from './experience-options.js';
import { ruleFor } from './lesson-of-run.js';
import type { RecordRequest } from './record-run.js';

/** The experiences that the runs of one call are given, and those that they leave. */
export interface RunExperiences {
  /**
   * What a run of the task is given to know; undefined where there is nothing.
   *
   * @throws ExperienceError `INSTRUCTIONS_INVALID`, `PACK_INVALID` where the configuration is strict
   */
  contextFor(taskId: TaskId): Promise<RunContext | undefined>;
  /** The same history, which also records what runs teach before it counts them. */
  recordingBeside(taskId: TaskId, history: RunHistory): RunHistory;
  /** What went wrong since the last call, one sentence each. */
  takeProblems(): readonly string[];
}

export interface RunExperiencesPorts {
  readonly workspace: Workspace;
  readonly io: Pick<Io, 'clock' | 'env'>;
  readonly redact: (text: string) => string;
}

/**
 * Loads nothing: everything that can be wrong with the environment is found now, the rest when a run
 * begins or ends. A configuration that cannot be used says nothing of experiences; whoever plans with
 * it says what is wrong.
 *
 * @throws CoreError `INVALID_ENVIRONMENT`
 */
export function openRunExperiences(ports: RunExperiencesPorts): RunExperiences {
  return new WorkspaceExperiences(ports, readExperienceOptions(ports.io.env));
}

/** Without any of these a repository gives its runs nothing to know. */
const places = ['AGENTS.md', 'docs/AGENTS.md', '.agent'];

class WorkspaceExperiences implements RunExperiences {
  readonly #ports: RunExperiencesPorts;
  readonly #options: ExperienceOptions;
  readonly #problems: string[] = [];
  #config: ExperienceConfig | undefined;
  #store: ExperienceStore | undefined;

  constructor(ports: RunExperiencesPorts, options: ExperienceOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async contextFor(taskId: TaskId): Promise<RunContext | undefined> {
    const { workspace, io } = this.#ports;
    if (!places.some((place) => existsSync(join(workspace.root, place)))) return undefined;
    const { loadRunContext } = await import('./load-run-context.js');
    const options = this.#options;
    return loadRunContext({ workspace, taskId, config: this.#readConfig(), options, io });
  }

  recordingBeside(taskId: TaskId, history: RunHistory): RunHistory {
    return {
      ...(history.name !== undefined && { name: history.name }),
      add: async (end, cost) => {
        // First: a run that is counted has been recorded, so that nobody needs to ask again.
        await this.#record(taskId, end);
        await history.add(end, cost);
      },
      has: (runId, attempt) => history.has(runId, attempt),
    };
  }

  takeProblems(): readonly string[] {
    return this.#problems.splice(0);
  }

  /** Never rejects: what a run teaches changes nothing about how it ended. */
  async #record(taskId: TaskId, end: Manifest): Promise<void> {
    try {
      const rule = ruleFor(end, this.#readConfig().record);
      const isGiven = end.prompt_packs?.some(({ experience_ids: ids }) => ids !== undefined);
      if (rule === undefined && isGiven !== true) return;
      const runId = parseRunId(end.run_id);
      if (!runId.ok) return;
      const { workspace, io, redact } = this.#ports;
      const layout = createRunLayout({ ...workspace, taskId, runId: runId.value.runId });
      const { recordRun } = await import('./record-run.js');
      const request: RecordRequest = { end, layout, rule, isRepeat: !isOwn(end), workspace, io };
      this.#problems.push(...(await recordRun(request, await this.#openStore(), redact)));
    } catch (error) {
      const message = messageOf(error);
      this.#problems.push(`run ${end.run_id} left no experience: ${message}`);
    }
  }

  async #openStore(): Promise<ExperienceStore> {
    const { openStore } = await import('./open-store.js');
    return (this.#store ??= await openStore({ ...this.#ports, options: this.#options }));
  }

  #readConfig(): ExperienceConfig {
    return (this.#config ??= readConfig(this.#ports.workspace) ?? {});
  }
}

function readConfig(workspace: Workspace): ExperienceConfig | undefined {
  try {
    return loadOwnConfig(workspace)?.experiences;
  } catch {
    return undefined;
  }
}

/** Of a run of another process nobody knows whether that came to record it. */
function isOwn({ owner }: Manifest): boolean {
  const { pid, processStartedAt } = currentProcessIdentity();
  return owner?.pid === pid && owner.process_started_at === processStartedAt;
}
