import * as z from 'zod/mini';

import { createExperienceRuleSchema, createExperienceSchema } from './experience-config.js';
import { createGatesSchema, gateMembers } from './gate-config.js';
import { loopMembers } from './loop-config.js';
import { commandLine, delayMs, described, optional, text } from './schema-parts.js';

export type CommandStageConfig = z.infer<Schemas['commandStage']>;
export type SubpipelineStageConfig = z.infer<Schemas['subpipelineStage']>;
export type LoopStageConfig = z.infer<Schemas['loopStage']>;
export type GateStageConfig = z.infer<Schemas['gateStage']>;
export type StageSetReference = z.infer<Schemas['stageSetReference']>;
/** One element of a pipeline's `stages`. */
export type StageConfig = z.infer<Schemas['stage']>;
/** One element of the file's `pipelines`. */
export type PipelineConfig = z.infer<Schemas['pipeline']>;

export type ConfigSchemas = ReturnType<typeof createConfigSchemas>;
type Schemas = ConfigSchemas;

let built: ConfigSchemas | undefined;

/** The schemas of `codex.orchestrator.json`, built on first use: importing costs nothing. */
export function configSchemas(): ConfigSchemas {
  return (built ??= createConfigSchemas());
}

function createConfigSchemas() {
  const commandStage = createCommandStageSchema();
  const subpipelineStage = createSubpipelineStageSchema();
  const loopStage = createLoopStageSchema();
  const gateStage = createGateStageSchema();
  const stageSetReference = createStageSetReferenceSchema();
  const stage = z.discriminatedUnion('kind', [
    commandStage,
    subpipelineStage,
    loopStage,
    gateStage,
    stageSetReference,
  ]);
  const stageSet = z.array(stage);
  const pipeline = createPipelineSchema(stage);
  const experienceRule = createExperienceRuleSchema();
  const experiences = createExperienceSchema(experienceRule);
  const gates = createGatesSchema();
  const file = z.object({
    $schema: optional(z.string(), 'Where editors find the JSON Schema of this file.'),
    defaultPipeline: optional(
      text(),
      'Id of the pipeline that runs when none is named. Default: "diagnostics".',
    ),
    stageSets: optional(
      z.record(z.string(), stageSet),
      'Named lists of stages that pipelines include with {"kind": "stage-set", "ref": "<name>"}. A set cannot include another set.',
    ),
    experiences: optional(
      experiences,
      'What runs learn from earlier runs, and leave to later ones.',
    ),
    gates: optional(gates, 'What gates go by where their defaults do not fit.'),
    pipelines: described(z.array(pipeline), 'The pipelines of this repository.'),
  });
  return {
    experiences,
    experienceRule,
    commandStage,
    subpipelineStage,
    loopStage,
    gateStage,
    gates,
    stageSetReference,
    stage,
    stageSet,
    pipeline,
    file,
  };
}

function createPipelineSchema<S extends z.ZodMiniType>(stage: S) {
  return z.object({
    id: described(text(), 'Name to run the pipeline by, unique in the file.'),
    title: optional(text(), 'Name for people. Default: the id.'),
    description: optional(z.string(), 'What the pipeline is for.'),
    tags: optional(z.array(z.string()), 'Free labels.'),
    guardrailsRequired: optional(
      z.boolean(),
      'Whether the summary asks for a spec-guard stage where none ran. Default: whether the pipeline has one.',
    ),
    maxParallel: optional(
      z.int().check(z.minimum(1), z.maximum(1024)),
      'How many stages may run at once where stages declare `needs`. Default: the number of cores.',
    ),
    deadlineMs: optional(
      delayMs(1),
      'Milliseconds after which the whole run is stopped and ends as timed_out.',
    ),
    metadata: optional(z.record(z.string(), z.unknown()), 'Anything other tools keep here.'),
    stages: described(
      z.array(stage),
      'The stages. Without `needs` they run one after the other as written; once a stage declares `needs`, those that do not wait for each other run side by side.',
    ),
  });
}

function createCommandStageSchema() {
  return z.object({
    kind: described(z.literal('command'), 'Runs one command.'),
    ...stageName(),
    command: described(
      commandLine(),
      'A line for /bin/sh, or a program and its arguments as a list, which no shell reads.',
    ),
    cwd: optional(
      text(),
      'Folder to run in, relative to the repository root and inside it. Default: the root.',
    ),
    env: optional(
      environment(),
      'Environment variables for this command; they win over all others.',
    ),
    allowFailure: allowFailure(),
    summaryHint: optional(z.string(), 'Summary of the stage in the record when it succeeds.'),
    timeoutMs: optional(delayMs(1), 'Milliseconds one attempt may take before it is stopped.'),
    silenceTimeoutMs: optional(
      delayMs(1),
      'Milliseconds one attempt may go without output before it is stopped.',
    ),
    retries: optional(createRetriesSchema(), 'Further attempts after a failed one. Default: 0.'),
    inputs: optional(
      z.array(text()),
      'Globs of the files that decide what the stage comes to, relative to the repository root and inside it; `!` excludes. A resumed run keeps the stage only while they are as they were. Default: none.',
    ),
    session: optional(
      createSessionSchema(),
      'Read for compatibility; every command is a new process.',
    ),
    ...planHints(),
  });
}

function createRetriesSchema() {
  const max = z.int().check(z.minimum(0), z.maximum(100));
  return z.union([
    max,
    z.object({
      max: described(max, 'Attempts after the first.'),
      backoffMs: optional(delayMs(0), 'Milliseconds before the second attempt. Default: 1000.'),
      factor: optional(
        z.number().check(z.minimum(1), z.maximum(100)),
        'What each further wait is multiplied by. Default: 2.',
      ),
      exitCodes: optional(
        z.array(z.int().check(z.minimum(1), z.maximum(255))).check(z.minLength(1)),
        'Exit codes worth another attempt; 124 is a timeout, 128+n a signal. Default: every failure of a command that could be started.',
      ),
    }),
  ]);
}

function createSubpipelineStageSchema() {
  return z.object({
    kind: described(z.literal('subpipeline'), 'Runs another pipeline as a run of its own.'),
    ...stageName(),
    pipeline: described(text(), 'Id of the pipeline to run.'),
    optional: allowFailure(),
    ...planHints(),
  });
}

function createLoopStageSchema() {
  return z.object({
    kind: described(
      z.literal('rlm'),
      'Lets an agent work on a goal, again and again, until validators are content; once per pipeline.',
    ),
    ...stageName(),
    ...loopMembers(),
    env: optional(
      environment(),
      'Environment variables for the agent and the validators; they win over all others.',
    ),
    allowFailure: allowFailure(),
    ...planHints(),
  });
}

function createGateStageSchema() {
  return z.object({
    kind: described(z.literal('gate'), 'Checks the repository, in the process of the run.'),
    ...stageName(),
    ...gateMembers(),
    env: optional(environment(), 'Environment variables for the gate; they win over all others.'),
    allowFailure: allowFailure(),
    ...planHints(),
  });
}

function environment() {
  return z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
}

function allowFailure() {
  return optional(
    z.boolean(),
    'Whether the run goes on as if the stage had succeeded when it fails. Default: false.',
  );
}

function createStageSetReferenceSchema() {
  return z.object({
    kind: described(z.literal('stage-set'), 'Stands for the stages of a set.'),
    ref: described(text(), 'Name of the set in `stageSets`.'),
    needs: optional(z.array(text()), 'Ids of stages that every stage of the set waits for.'),
  });
}

function createSessionSchema() {
  return z.object({
    id: optional(z.string(), 'Name of the session.'),
    reuse: optional(z.boolean(), 'Ignored.'),
    persist: optional(z.boolean(), 'Ignored.'),
  });
}

function stageName() {
  return {
    id: described(text(), 'Name of the stage, unique in the pipeline with its sets expanded.'),
    title: optional(text(), 'Name for people. Default: the id.'),
    needs: optional(
      z.array(text()),
      'Ids of stages that must have succeeded first. An empty list waits for nothing.',
    ),
  };
}

function planHints() {
  const cloud = 'Whether the stage asks for a cloud environment; kept in the plan, not acted on.';
  const mode = 'Kept in the plan; "cloud" implies requiresCloud.';
  return {
    plan: optional(
      z.object({
        runnable: optional(z.boolean(), 'Whether the stage can be a target. Default: true.'),
        defaultTarget: optional(z.boolean(), 'Makes the stage the target when none is named.'),
        default: optional(z.boolean(), 'Alias of defaultTarget.'),
        primary: optional(z.boolean(), 'Alias of defaultTarget.'),
        aliases: optional(z.array(z.string()), 'Other names that --target accepts.'),
        requiresCloud: optional(z.boolean(), cloud),
        requires_cloud: optional(z.boolean(), 'Alias of requiresCloud.'),
        executionMode: optional(z.string(), mode),
      }),
      'How the stage appears in the plan.',
    ),
    executionMode: optional(z.string(), mode),
    execution_mode: optional(z.string(), 'Alias of executionMode.'),
    mode: optional(z.string(), 'Alias of executionMode.'),
    requiresCloud: optional(z.boolean(), cloud),
    requires_cloud: optional(z.boolean(), 'Alias of requiresCloud.'),
  };
}
