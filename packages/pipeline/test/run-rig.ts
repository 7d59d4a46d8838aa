import { identifyProcess, parseTaskId } from '@codex-orchestrator/core';
import { readJournal } from '@codex-orchestrator/manifest';
import type { RunEvent } from '@codex-orchestrator/manifest';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { parseConfig, planPipeline, runPipeline } from '../src/index.js';
import type { Plan, RunOutcome, RunPipelineOptions } from '../src/index.js';

type Json = Readonly<Record<string, unknown>>;

/** A repository in a temp folder, with pipelines that are really run. */
export interface RunRig extends Rig {
  /** Plans the first pipeline and runs it. */
  run(pipelines: readonly Json[], options?: Partial<RunPipelineOptions>): Promise<RunOutcome>;
}

export async function createRunRig(): Promise<RunRig> {
  const rig = await createRig('run-');
  return {
    ...rig,
    run: (pipelines, options = {}) =>
      runPipeline(planFirst(pipelines), { ...baseOptions(rig.root), ...options }),
  };
}

export function baseOptions(root: string): RunPipelineOptions {
  return {
    root,
    taskId: parseTaskId('task'),
    environment: process.env,
    tool: { name: 'test', version: '0.0.0', node: process.version, platform: process.platform },
    graceMs: 1000,
  };
}

export function planFirst(pipelines: readonly Json[]): Plan {
  const planned = planPipeline(
    parseConfig(JSON.stringify({ pipelines }), 'codex.orchestrator.json'),
    String(pipelines[0]?.['id']),
  );
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value.plan;
}

export function pipeline(id: string, ...stages: readonly Json[]): Json {
  return { id, stages };
}

export function command(id: string, line: string, more: Json = {}): Json {
  return { kind: 'command', id, command: line, ...more };
}

export function subpipeline(id: string, target: string, more: Json = {}): Json {
  return { kind: 'subpipeline', id, pipeline: target, ...more };
}

/** Per stage: its status, and its reason if there is one. */
export function verdicts({ manifest }: RunOutcome): Record<string, string> {
  return Object.fromEntries(
    manifest.commands.map(({ id, status, reason }) => [
      id,
      reason === null ? status : `${status} (${reason})`,
    ]),
  );
}

/** The events in the journal of a run, as they lie on disk. */
export async function journalOf({ layout }: RunOutcome): Promise<readonly RunEvent[]> {
  return (await readJournal(layout.journalPath)).events;
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  return identifyProcess(pid) !== undefined;
}

/** Waits on a condition of the outside world, with a bound that only a failure reaches. */
export async function waitUntil(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('The condition did not come true');
}
