import type * as z from 'zod/mini';

import { configSchemas } from './config-schema.js';
import type { PipelineConfig, StageConfig } from './config-schema.js';
import { describeIssue } from './describe-issue.js';
import { isRecord } from './is-record.js';
import { memberPath } from './json-text.js';
import type { Problem } from './problem.js';
import { findUnknownKeys } from './unknown-keys.js';
import { isWellFormedPipeline, isWellFormedStageSet } from './well-formed.js';

/** One element of `pipelines`, good or bad: a bad one spoils only the runs that ask for it. */
export interface ConfiguredPipeline {
  readonly path: string;
  /** Undefined where even the id is missing. */
  readonly id: string | undefined;
  /** Undefined where `problems` says why. */
  readonly definition: PipelineConfig | undefined;
  readonly problems: readonly Problem[];
  /** Keys that nothing reads. */
  readonly warnings: readonly Problem[];
}

/** One member of `stageSets`, good or bad. */
export interface ConfiguredStageSet {
  readonly path: string;
  readonly name: string;
  readonly stages: readonly StageConfig[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Adds line and column to a problem. */
export type Locate = (problem: Problem) => Problem;

/** What the schema makes of a value. */
export interface CheckedValue<T> {
  /** Undefined where there are problems. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Judges one element of `pipelines` by itself. */
export function readPipeline(entry: unknown, path: string, locate: Locate): ConfiguredPipeline {
  const id: unknown = isRecord(entry) ? entry['id'] : undefined;
  const { value, problems, warnings } = isWellFormedPipeline(entry)
    ? accept(entry)
    : checkValue(configSchemas().pipeline, entry, path);
  return {
    path,
    id: typeof id === 'string' && id !== '' ? id : undefined,
    definition: value,
    problems: problems.map(locate),
    warnings: warnings.map(locate),
  };
}

/** Adds a problem to a pipeline whose id is not its own alone. */
export function withDuplicates(
  pipeline: ConfiguredPipeline,
  all: readonly ConfiguredPipeline[],
  locate: Locate,
): ConfiguredPipeline {
  const twins = all.filter(({ id }) => id !== undefined && id === pipeline.id);
  if (twins.length < 2) return pipeline;
  const problem: Problem = {
    code: 'DUPLICATE_PIPELINE_ID',
    path: memberPath(pipeline.path, 'id'),
    message: `pipeline id "${pipeline.id ?? ''}" is used by ${twins.map((twin) => twin.path).join(' and ')}`,
    fix: 'rename or remove one of them',
  };
  return { ...pipeline, problems: [...pipeline.problems, locate(problem)] };
}

/** Judges one member of `stageSets` by itself. */
export function readStageSet(name: string, entry: unknown, locate: Locate): ConfiguredStageSet {
  const path = memberPath('stageSets', name);
  const { value, problems, warnings } = isWellFormedStageSet(entry)
    ? accept(entry)
    : checkValue(configSchemas().stageSet, entry, path);
  const nested = (value ?? []).flatMap((stage, index) =>
    stage.kind === 'stage-set' ? [describeNesting(memberPath(path, index))] : [],
  );
  return {
    path,
    name,
    stages: value ?? [],
    problems: [...problems, ...nested].map(locate),
    warnings: warnings.map(locate),
  };
}

function describeNesting(path: string): Problem {
  return {
    code: 'STAGE_SET_NESTED',
    path,
    message: 'a stage set cannot include another stage set',
    fix: 'include both sets from the pipeline',
  };
}

function accept<T>(value: T): CheckedValue<T> {
  return { value, problems: [], warnings: [] };
}

/** Checks a value and finds the keys that nothing reads. */
export function checkValue<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  path: string,
): CheckedValue<T> {
  const parsed = schema.safeParse(value);
  return {
    value: parsed.success ? parsed.data : undefined,
    problems: parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => describeIssue(issue, path, value)),
    warnings: findUnknownKeys(schema, value, path),
  };
}
