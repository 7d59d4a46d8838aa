import { existsSync } from 'node:fs';

import { messageOf, parseRunId } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import { createRunLayout, createTaskLayout } from '@codex-orchestrator/manifest';
import type { Manifest, Observability, RunHistory } from '@codex-orchestrator/manifest';
import type { MachineMetrics, MetricsLayout } from '@codex-orchestrator/metrics';

import type { Io } from '../io.js';
import { version } from '../version.js';
import type { Workspace } from '../workspace.js';
import { describeUpdate } from './describe-update.js';
import { entryOfRun } from './entry-of-run.js';
import { describeMachine, thisHost } from './machine.js';
import { readMetricsOptions } from './metrics-options.js';
import type { MetricsOptions } from './metrics-options.js';
import type * as Store from './metrics-store.js';
import { readAgentUsage } from './read-usage.js';
import type { UsageReading } from './read-usage.js';

/** The metrics of the runs that one call seals. */
export interface RunMetrics {
  /** Where runs of a task are counted. */
  historyOf(taskId: TaskId): RunHistory;
  /** Has the aggregates of a task brought up to date too, if it has a history. */
  lookAfter(taskId: TaskId): void;
  /**
   * Brings the aggregates of all tasks up to date in whose histories runs were counted since the last
   * call. Resolves with what somebody should know, one sentence each. Never rejects.
   */
  update(): Promise<readonly string[]>;
}

export interface RunMetricsPorts {
  readonly workspace: Pick<Workspace, 'outDir' | 'root' | 'runsDir'>;
  readonly io: Pick<Io, 'clock' | 'env' | 'platform'>;
  /** @default the package of metrics, loaded when a run ends */
  readonly loadStore?: () => Promise<typeof Store>;
}

/**
 * Opens no file: everything that can be wrong with the environment is found now, the rest when a run
 * ends.
 *
 * @throws CoreError `INVALID_ENVIRONMENT`
 */
export function openRunMetrics(ports: RunMetricsPorts): RunMetrics {
  return new WorkspaceMetrics(ports, readMetricsOptions(ports.io.env));
}

class WorkspaceMetrics implements RunMetrics {
  readonly #workspace: RunMetricsPorts['workspace'];
  readonly #io: RunMetricsPorts['io'];
  readonly #loadStore: () => Promise<typeof Store>;
  readonly #options: MetricsOptions;
  /** Tasks whose aggregates are behind. */
  readonly #behind = new Set<TaskId>();
  readonly #lookedAfter = new Set<TaskId>();
  readonly #problems: string[] = [];
  #machine: MachineMetrics | undefined;

  constructor(ports: RunMetricsPorts, options: MetricsOptions) {
    this.#workspace = ports.workspace;
    this.#io = ports.io;
    this.#loadStore = ports.loadStore ?? (() => import('./metrics-store.js'));
    this.#options = options;
  }

  historyOf(taskId: TaskId): RunHistory {
    return {
      add: (end, cost) => this.#add(taskId, end, cost),
      has: (runId, attempt) => this.#has(taskId, runId, attempt),
    };
  }

  lookAfter(taskId: TaskId): void {
    this.#lookedAfter.add(taskId);
  }

  async update(): Promise<readonly string[]> {
    await this.#chooseLookedAfter();
    const problems = this.#problems.splice(0);
    const tasks = [...this.#behind];
    this.#behind.clear();
    for (const taskId of tasks) problems.push(...(await this.#updateTask(taskId)));
    return problems;
  }

  async #chooseLookedAfter(): Promise<void> {
    const tasks = [...this.#lookedAfter];
    this.#lookedAfter.clear();
    if (tasks.length === 0) return;
    const store = await this.#loadStore();
    for (const taskId of tasks) {
      if (existsSync(this.#layout(store, taskId).historyPath)) this.#behind.add(taskId);
    }
  }

  async #add(taskId: TaskId, end: Manifest, cost: Observability): Promise<void> {
    this.#behind.add(taskId);
    const store = await this.#loadStore();
    const { usage, problems } = await this.#usageOf(taskId, end);
    this.#problems.push(...problems);
    const entry = entryOfRun(end, cost, {
      recordedAt: new Date(this.#io.clock.nowMs()).toISOString(),
      usage,
      maxPrivacyEvents: this.#options.maxPrivacyEvents,
      machine: (this.#machine ??= describeMachine(this.#io.platform)),
      host: thisHost(),
      toolVersion: version,
    });
    await store.appendEntry(this.#layout(store, taskId), entry, {
      durability: 'power',
      clock: this.#io.clock,
    });
  }

  async #usageOf(taskId: TaskId, end: Manifest): Promise<UsageReading> {
    const runId = parseRunId(end.run_id);
    if (!runId.ok) return { usage: new Map(), problems: [] };
    const layout = createRunLayout({ ...this.#workspace, taskId, runId: runId.value.runId });
    return await readAgentUsage(end, layout);
  }

  async #has(taskId: TaskId, runId: string, attempt: number): Promise<boolean> {
    // Whoever counted it was cut short before the aggregates knew of it.
    this.#behind.add(taskId);
    const store = await this.#loadStore();
    return (await store.findEntry(this.#layout(store, taskId), runId, attempt)) !== undefined;
  }

  async #updateTask(taskId: TaskId): Promise<string[]> {
    const { clock } = this.#io;
    try {
      const store = await this.#loadStore();
      const layout = this.#layout(store, taskId);
      const report = await store.updateAggregates(layout, { ...this.#options.update, clock });
      return describeUpdate(report, {
        ...createTaskLayout({ ...this.#workspace, taskId }),
        ...layout,
      });
    } catch (error) {
      const message = messageOf(error);
      return [`the metrics of task '${taskId}' are not up to date: ${message}`];
    }
  }

  #layout(store: typeof Store, taskId: TaskId): MetricsLayout {
    const { runsDir, outDir } = this.#workspace;
    return store.createMetricsLayout({ taskId, runsDir, outDir });
  }
}
