import type * as z from 'zod/mini';

import { configSchemas } from './config-schema.js';
import type { PipelineConfig, StageConfig } from './config-schema.js';
import { describeIssue } from './describe-issue.js';
import { PipelineError } from './errors.js';
import { memberPath, positionAt, scanJson } from './json-text.js';
import type { Problem } from './problem.js';
import { findUnknownKeys } from './unknown-keys.js';

/** Who wrote the config: the repository, or the tool that ships one for repositories without. */
export type ConfigSource = 'default' | 'user';

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

/** A config as read: every pipeline judged on its own. */
export interface PipelineCatalog {
  /** The file's path, as given. */
  readonly path: string;
  readonly source: ConfigSource;
  /** Pipeline to run when none is named: `defaultPipeline`, or `diagnostics`. */
  readonly defaultPipeline: string;
  readonly pipelines: readonly ConfiguredPipeline[];
  readonly stageSets: ReadonlyMap<string, ConfiguredStageSet>;
  /** What is wrong with the file outside of its pipelines and stage sets. */
  readonly problems: readonly Problem[];
  /** Unknown keys outside of the pipelines and stage sets. */
  readonly warnings: readonly Problem[];
  /** Adds the line and column to a problem. */
  locate(problem: Problem): Problem;
}

export interface ParseConfigOptions {
  /** @default 'user' */
  readonly source?: ConfigSource;
}

type Value = Readonly<Record<string, unknown>>;

/**
 * Turns the text of a `codex.orchestrator.json` into a catalog.
 *
 * @throws PipelineError `INVALID_CONFIG` where the text is no JSON object with a list of pipelines.
 */
export function parseConfig(
  text: string,
  path: string,
  options: ParseConfigOptions = {},
): PipelineCatalog {
  const json = text.replace(/^\uFEFF/, '');
  const value = parseObject(json, path);
  const locate = createLocator(json);
  const pipelines = readPipelines(value, path, locate);
  return {
    path,
    source: options.source ?? 'user',
    defaultPipeline: readDefaultPipeline(value),
    pipelines,
    stageSets: readStageSets(value, locate),
    problems: checkFile(value).map(locate),
    warnings: findUnknownKeys(configSchemas().file, withoutParts(value), '').map(locate),
    locate,
  };
}

function parseObject(json: string, path: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalidConfig(path, [describeSyntaxError(json, cause)], cause);
  }
  if (isRecord(value)) return value;
  throw invalidConfig(path, [
    { code: 'INVALID_VALUE', path: '', message: 'expected an object with "pipelines"' },
  ]);
}

function describeSyntaxError(json: string, cause: unknown): Problem {
  const { fault } = scanJson(json);
  if (!fault) return { code: 'INVALID_JSON', path: '', message: String(cause) };
  return {
    code: 'INVALID_JSON',
    path: '',
    message: fault.message,
    position: positionAt(json, fault.offset),
    ...(fault.fix === undefined ? {} : { fix: fault.fix }),
  };
}

function invalidConfig(path: string, problems: readonly Problem[], cause?: unknown): PipelineError {
  const message = `Config "${path}" cannot be used: ${problems[0]?.message ?? 'unknown reason'}`;
  return new PipelineError('INVALID_CONFIG', message, { path, problems, cause });
}

/** The text is only scanned for places once somebody asks for one. */
function createLocator(json: string): (problem: Problem) => Problem {
  let offsets: ReadonlyMap<string, number> | undefined;
  return (problem) => {
    offsets ??= scanJson(json).offsets;
    return { ...problem, position: positionAt(json, nearestOffset(offsets, problem.path)) };
  };
}

/** A missing value has no place of its own: its nearest parent that is there stands for it. */
function nearestOffset(offsets: ReadonlyMap<string, number>, path: string): number {
  const offset = offsets.get(path);
  if (offset !== undefined || path === '') return offset ?? 0;
  return nearestOffset(offsets, path.replace(/(?:^|\.)[^.[\]]+$|\[[^[\]]*\]$|.$/, ''));
}

function readPipelines(
  value: Value,
  file: string,
  locate: (problem: Problem) => Problem,
): ConfiguredPipeline[] {
  const { pipelines } = value;
  if (!Array.isArray(pipelines)) {
    const message =
      pipelines === undefined ? 'is missing' : 'expected a list of pipelines, got something else';
    const fix = 'add "pipelines": a list of pipelines';
    const problem: Problem = { code: 'INVALID_VALUE', path: 'pipelines', message, fix };
    throw invalidConfig(file, [locate(problem)]);
  }
  const parsed = pipelines.map((entry: unknown, index) =>
    readPipeline(entry, memberPath('pipelines', index), locate),
  );
  return parsed.map((pipeline) => withDuplicates(pipeline, parsed, locate));
}

function readPipeline(
  entry: unknown,
  path: string,
  locate: (problem: Problem) => Problem,
): ConfiguredPipeline {
  const id: unknown = isRecord(entry) ? entry['id'] : undefined;
  const { value, problems, warnings } = check(configSchemas().pipeline, entry, path);
  return {
    path,
    id: typeof id === 'string' && id !== '' ? id : undefined,
    definition: value,
    problems: problems.map(locate),
    warnings: warnings.map(locate),
  };
}

function withDuplicates(
  pipeline: ConfiguredPipeline,
  all: readonly ConfiguredPipeline[],
  locate: (problem: Problem) => Problem,
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

function readStageSets(
  value: Value,
  locate: (problem: Problem) => Problem,
): ReadonlyMap<string, ConfiguredStageSet> {
  const sets = isRecord(value['stageSets']) ? value['stageSets'] : {};
  return new Map(
    Object.entries(sets).map(([name, stages]) => [name, readStageSet(name, stages, locate)]),
  );
}

function readStageSet(
  name: string,
  entry: unknown,
  locate: (problem: Problem) => Problem,
): ConfiguredStageSet {
  const path = memberPath('stageSets', name);
  const { value, problems, warnings } = check(configSchemas().stageSet, entry, path);
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

interface Checked<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function check<T>(schema: z.ZodMiniType<T>, value: unknown, path: string): Checked<T> {
  const parsed = schema.safeParse(value);
  return {
    value: parsed.success ? parsed.data : undefined,
    problems: parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => describeIssue(issue, path, value)),
    warnings: findUnknownKeys(schema, value, path),
  };
}

function readDefaultPipeline(value: Value): string {
  const { defaultPipeline } = value;
  return typeof defaultPipeline === 'string' && defaultPipeline !== ''
    ? defaultPipeline
    : 'diagnostics';
}

/** The file's own members; the parts have been judged one by one. */
function checkFile(value: Value): readonly Problem[] {
  const own = { ...withoutParts(value), pipelines: [] };
  const sets = value['stageSets'];
  const bare = sets === undefined || isRecord(sets) ? own : { ...own, stageSets: sets };
  return check(configSchemas().file, bare, '').problems;
}

function withoutParts(value: Value): Value {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => key !== 'pipelines' && key !== 'stageSets'),
  );
}

function isRecord(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
