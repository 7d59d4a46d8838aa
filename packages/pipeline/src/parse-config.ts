import { configSchemas } from './config-schema.js';
import { checkValue, readPipeline, readStageSet, withDuplicates } from './configured-parts.js';
import type { ConfiguredPipeline, ConfiguredStageSet, Locate } from './configured-parts.js';
import { PipelineError } from './errors.js';
import type { ExperienceConfig } from './experience-config.js';
import type { GatesConfig } from './gate-config.js';
import { isRecord } from './is-record.js';
import { memberPath, positionAt, scanJson } from './json-text.js';
import type { Problem } from './problem.js';
import { isWellFormedExperiences, isWellFormedFrame } from './well-formed.js';
import { isWellFormedGates } from './well-formed-gates.js';

/** Who wrote the config: the repository, or the tool that ships one for repositories without. */
export type ConfigSource = 'default' | 'user';

/** A config as read: every pipeline judged on its own. */
export interface PipelineCatalog {
  /** The file's path, as given. */
  readonly path: string;
  readonly source: ConfigSource;
  /** Pipeline to run when none is named: `defaultPipeline`, or `diagnostics`. */
  readonly defaultPipeline: string;
  readonly pipelines: readonly ConfiguredPipeline[];
  readonly stageSets: ReadonlyMap<string, ConfiguredStageSet>;
  /** Undefined where the file says nothing of them, or nothing that can be used. */
  readonly experiences: ExperienceConfig | undefined;
  /** Undefined where the file says nothing of them, or nothing that can be used. */
  readonly gates: GatesConfig | undefined;
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
    experiences: readExperiences(value),
    gates: readGates(value),
    ...checkFrame(value, locate),
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
  const [first] = problems;
  const place = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const message = `Config "${path}" cannot be used: ${place}${first?.message ?? 'unknown reason'}`;
  return new PipelineError('INVALID_CONFIG', message, { path, problems, cause });
}

/** The text is only scanned for places once somebody asks for one. */
function createLocator(json: string): Locate {
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

function readPipelines(value: Value, file: string, locate: Locate): ConfiguredPipeline[] {
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

function readStageSets(value: Value, locate: Locate): ReadonlyMap<string, ConfiguredStageSet> {
  const sets = isRecord(value['stageSets']) ? value['stageSets'] : {};
  return new Map(
    Object.entries(sets).map(([name, stages]) => [name, readStageSet(name, stages, locate)]),
  );
}

function readDefaultPipeline(value: Value): string {
  const { defaultPipeline } = value;
  return typeof defaultPipeline === 'string' && defaultPipeline !== ''
    ? defaultPipeline
    : 'diagnostics';
}

/** What is wrong with the section is found with the rest of the frame. */
function readExperiences({ experiences }: Value): ExperienceConfig | undefined {
  if (experiences === undefined) return undefined;
  if (isWellFormedExperiences(experiences)) return experiences;
  return configSchemas().experiences.safeParse(experiences).data;
}

/** As for experiences. */
function readGates({ gates }: Value): GatesConfig | undefined {
  if (gates === undefined || isWellFormedGates(gates)) return gates;
  return configSchemas().gates.safeParse(gates).data;
}

/** The file's own members; the parts have been judged one by one. */
function checkFrame(value: Value, locate: Locate): Pick<PipelineCatalog, 'problems' | 'warnings'> {
  if (isWellFormedFrame(value)) return { problems: [], warnings: [] };
  const sets = value['stageSets'];
  const frame = { ...value, pipelines: [], stageSets: isRecord(sets) ? {} : sets };
  if (sets === undefined) delete frame.stageSets;
  const { problems, warnings } = checkValue(configSchemas().file, frame, '');
  return { problems: problems.map(locate), warnings: warnings.map(locate) };
}
