import type {
  PlannedStage as RecordedStage,
  RunLayout,
  RunStart,
} from '@codex-orchestrator/manifest';

import { definitionHash } from './definition-hash.js';
import { displayCommand } from './display-command.js';
import { mayFail } from './plan.js';
import type { Plan } from './plan.js';
import { redactFacts } from './redact-facts.js';
import type { RunSettings } from './run-settings.js';
import { createRunEnvironment } from './stage-environment.js';

/** All that the record of a run says before anything has run; commands run as configured all the same. */
export function describeStart(plan: Plan, layout: RunLayout, settings: RunSettings): RunStart {
  const { guardrailsRequired } = plan.pipeline;
  const { redactor, taskSlug } = settings;
  const facts = {
    pipelineId: plan.pipeline.id,
    pipelineTitle: plan.pipeline.title,
    stages: describeStages(plan),
    tool: settings.tool,
    parentRunId: settings.parentRunId ?? null,
    options: settings.recordedOptions ?? {},
    approvalPolicy: settings.approvalPolicy ?? null,
    planTargetId: plan.targetId,
    ...(settings.context && { context: settings.context }),
    ...(taskSlug === undefined ? {} : { taskSlug }),
    ...(guardrailsRequired === undefined ? {} : { guardrailsRequired }),
  };
  return { layout, ...redactFacts(facts, redactor), privacyMode: redactor?.mode ?? null };
}

/** The stages as the record has them. */
export function describeStages({ stages, order }: Plan): RecordedStage[] {
  return stages.map((stage) => ({
    index: stage.index,
    id: stage.id,
    title: stage.title,
    kind: stage.kind,
    command: stage.kind === 'command' ? displayCommand(stage.command) : null,
    needs: order === 'graph' ? stage.needs : null,
    allow_failure: mayFail(stage),
    definition_hash: definitionHash(stage),
  }));
}

/** What every command of a run is started with. */
export function describeEnvironment(
  plan: Plan,
  settings: RunSettings,
  layout: RunLayout,
): Record<string, string> {
  const { packageRoot, binPath, nonInteractive } = settings;
  const { root, runsDir, outDir, runDir, manifestPath, taskId, runId } = layout;
  return createRunEnvironment({
    inherited: settings.environment,
    taskId,
    runId,
    pipelineId: plan.pipeline.id,
    root,
    runsDir,
    outDir,
    runDir,
    manifestPath,
    ...(packageRoot === undefined ? {} : { packageRoot }),
    ...(binPath === undefined ? {} : { binPath }),
    ...(nonInteractive === undefined ? {} : { nonInteractive }),
  });
}
