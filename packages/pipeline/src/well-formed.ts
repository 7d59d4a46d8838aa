import type { PipelineConfig, StageConfig } from './config-schema.js';
import { experiencePolicies, teachingStatuses } from './experience-config.js';
import type { ExperienceConfig } from './experience-config.js';
import { isRecord } from './is-record.js';
import {
  loopAgents,
  maxGoalCharacters,
  maxLoopCount,
  maxLoopMinutes,
  maxValidators,
  spokenAgents,
  validatorName,
} from './loop-config.js';
import {
  hasMembers,
  isBoolean,
  isDelayMs,
  isEnvironment,
  isOneOf,
  isString,
  isStringList,
  isText,
  isTextList,
  isWholeNumber,
  listOf,
} from './member-checks.js';
import type { Members } from './member-checks.js';
import { maxDelayMs } from './schema-parts.js';
import { isGateName, isWellFormedGates } from './well-formed-gates.js';

/**
 * Whether a pipeline is certainly right: it satisfies the schema and has no unknown key. "No" decides
 * nothing; it sends the value to the schema, which then says what is wrong.
 *
 * Every command reads the config first, and building the schema and checking with it takes longer
 * than all the rest of that. Almost all configs are right, so almost none of them needs it.
 */
export function isWellFormedPipeline(value: unknown): value is PipelineConfig {
  return hasMembers(value, pipelineMembers);
}

/** The same for the list of stages of a set. */
export function isWellFormedStageSet(value: unknown): value is StageConfig[] {
  return isStageList(value);
}

/** The same for the file without the contents of its pipelines and stage sets. */
export function isWellFormedFrame(value: unknown): boolean {
  return hasMembers(value, frameMembers);
}

/** The same for the section about experiences. */
export function isWellFormedExperiences(value: unknown): value is ExperienceConfig {
  return hasMembers(value, experienceMembers);
}

const isRetryCount = isWholeNumber(0, 100);
const isFailureCode = isWholeNumber(1, 255);

const planMembers: Members = {
  required: {},
  optional: {
    runnable: isBoolean,
    defaultTarget: isBoolean,
    default: isBoolean,
    primary: isBoolean,
    aliases: isStringList,
    requiresCloud: isBoolean,
    requires_cloud: isBoolean,
    executionMode: isString,
  },
};

const retriesMembers: Members = {
  required: { max: isRetryCount },
  optional: {
    backoffMs: isWholeNumber(0, maxDelayMs),
    factor: (value) => typeof value === 'number' && value >= 1 && value <= 100,
    exitCodes: (value) => Array.isArray(value) && value.length > 0 && value.every(isFailureCode),
  },
};

const sessionMembers: Members = {
  required: {},
  optional: { id: isString, reuse: isBoolean, persist: isBoolean },
};

const stageMembers: Members = {
  required: { kind: isString, id: isText },
  optional: {
    title: isText,
    needs: isTextList,
    plan: (value) => hasMembers(value, planMembers),
    executionMode: isString,
    execution_mode: isString,
    mode: isString,
    requiresCloud: isBoolean,
    requires_cloud: isBoolean,
  },
};

const commandMembers: Members = {
  required: { ...stageMembers.required, command: isCommand },
  optional: {
    ...stageMembers.optional,
    cwd: isText,
    env: isEnvironment,
    allowFailure: isBoolean,
    summaryHint: isString,
    timeoutMs: isDelayMs,
    silenceTimeoutMs: isDelayMs,
    retries: (value) => isRetryCount(value) || hasMembers(value, retriesMembers),
    inputs: isTextList,
    session: (value) => hasMembers(value, sessionMembers),
  },
};

const subpipelineMembers: Members = {
  required: { ...stageMembers.required, pipeline: isText },
  optional: { ...stageMembers.optional, optional: isBoolean },
};

const validatorMembers: Members = {
  required: { command: isCommand },
  optional: {
    name: (value) => typeof value === 'string' && validatorName.test(value),
    timeoutMs: isDelayMs,
  },
};

const loopMembers: Members = {
  required: stageMembers.required,
  optional: {
    ...stageMembers.optional,
    goal: (value) => isText(value) && (value as string).length <= maxGoalCharacters,
    agent: isOneOf(loopAgents),
    program: isText,
    agentArgs: isStringList,
    agentTemplate: isText,
    agentSpeaks: isOneOf(spokenAgents),
    validators: isValidatorChoice,
    validatorTimeoutMs: isDelayMs,
    roles: isOneOf(['single', 'triad']),
    subagents: isBoolean,
    maxIterations: isWholeNumber(0, maxLoopCount),
    maxMinutes: (value) => typeof value === 'number' && value >= 0 && value <= maxLoopMinutes,
    turnTimeoutMs: isWholeNumber(0, maxDelayMs),
    silenceTimeoutMs: isWholeNumber(0, maxDelayMs),
    maxCostUsd: (value) => typeof value === 'number' && value > 0 && value <= maxLoopCount,
    maxTokens: isWholeNumber(1, Number.MAX_SAFE_INTEGER),
    maxConsecutiveErrors: isWholeNumber(1, maxLoopCount),
    maxOutputBytes: isWholeNumber(1, Number.MAX_SAFE_INTEGER),
    stallAfter: isWholeNumber(1, maxLoopCount),
    isolation: isOneOf(['none', 'worktree']),
    protect: isTextList,
    onTamper: isOneOf(['report', 'refuse']),
    env: isEnvironment,
    allowFailure: isBoolean,
  },
};

const gateMembers: Members = {
  required: { ...stageMembers.required, gate: isGateName },
  optional: {
    ...stageMembers.optional,
    dryRun: isBoolean,
    env: isEnvironment,
    allowFailure: isBoolean,
  },
};

const stageSetMembers: Members = {
  required: { kind: isString, ref: isText },
  optional: { needs: isTextList },
};

const pipelineMembers: Members = {
  required: { id: isText, stages: isStageList },
  optional: {
    title: isText,
    description: isString,
    tags: isStringList,
    guardrailsRequired: isBoolean,
    maxParallel: isWholeNumber(1, 1024),
    deadlineMs: isDelayMs,
    metadata: isRecord,
  },
};

const ruleMembers: Members = {
  required: {},
  optional: {
    pipelines: isTextList,
    when: listOf(isOneOf(teachingStatuses)),
    domain: isText,
    lesson: (value) =>
      isOneOf(['outcome', 'notes'])(value) ||
      hasMembers(value, { required: { file: isText }, optional: {} }),
  },
};

const experienceMembers: Members = {
  required: {},
  optional: {
    strict: isBoolean,
    policy: isOneOf(experiencePolicies),
    minReward: Number.isFinite,
    maxTokens: isWholeNumber(1, Number.MAX_SAFE_INTEGER),
    record: listOf((value) => hasMembers(value, ruleMembers)),
  },
};

const frameMembers: Members = {
  required: { pipelines: Array.isArray },
  optional: {
    $schema: isString,
    defaultPipeline: isText,
    stageSets: isRecord,
    experiences: isWellFormedExperiences,
    gates: isWellFormedGates,
  },
};

function isStageList(value: unknown): value is StageConfig[] {
  return Array.isArray(value) && value.every(isStage);
}

function isStage(value: unknown): boolean {
  const kind: unknown = isRecord(value) ? value['kind'] : undefined;
  if (kind === 'command') return hasMembers(value, commandMembers);
  if (kind === 'subpipeline') return hasMembers(value, subpipelineMembers);
  if (kind === 'rlm') return hasMembers(value, loopMembers);
  if (kind === 'gate') return hasMembers(value, gateMembers);
  return kind === 'stage-set' && hasMembers(value, stageSetMembers);
}

function isCommand(value: unknown): boolean {
  return isText(value) || (isStringList(value) && isText((value as readonly string[])[0]));
}

function isValidatorChoice(value: unknown): boolean {
  if (value === 'auto' || value === 'none') return true;
  if (!Array.isArray(value) || value.length === 0 || value.length > maxValidators) return false;
  return value.every((item) => isCommand(item) || hasMembers(item, validatorMembers));
}
