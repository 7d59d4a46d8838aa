import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';
import type * as z from 'zod/mini';

import { describeIssue, pathText, valueAt } from './describe-issue.js';
import { blankManifest, pendingStage } from './manifest-defaults.js';
import { manifestVersion } from './manifest.js';
import type { Manifest } from './manifest.js';
import { manifestSchema } from './schema.js';

export interface ParsedManifest {
  /** Every field of the format; those that were damaged or absent hold what a blank record holds. */
  readonly manifest: Manifest;
  /** Paths of members that this version does not know, such as `memory` or `commands[].cost`. */
  readonly unknownFields: readonly string[];
  /** What was wrong, one line per field. Empty for everything that this version writes. */
  readonly problems: readonly string[];
}

/** Fields without which a record says nothing: when one is damaged, the record is. */
const essentialFields = ['task_id', 'run_id', 'status', 'started_at'] as const;

/**
 * Reads a manifest field by field: what is damaged costs itself and is named, what is unknown is kept
 * and named. The error says why the value is no record at all: it is no object, or an essential field
 * is damaged or absent.
 */
export function parseManifest(value: unknown): Result<ParsedManifest, string> {
  if (!isObject(value)) return err('expected an object');
  const issues = manifestSchema().safeParse(value).error?.issues ?? [];
  const damage = issues.filter((issue) => issue.code !== 'unrecognized_keys');
  const fatal = damage.find(({ path }) => isEssential(path[0]));
  if (fatal) return err(describeIssue(fatal, value));
  const problems = damage.filter((issue) => !isAbsentAddition(issue, value));
  return ok({
    manifest: repaired(value, damage),
    unknownFields: [...new Set(issues.flatMap(unknownPaths))],
    problems: [...versionProblem(value), ...problems.map((issue) => describeIssue(issue, value))],
  });
}

type Issue = z.core.$ZodIssue;
type Members = Record<PropertyKey, unknown>;

/** Fields that other tools of this format do not write; their absence is no damage. */
const additions: ReadonlySet<PropertyKey> = new Set([
  'tool',
  'owner',
  'attempt',
  'duration_ms',
  'active_seconds',
  'gap_seconds',
  'recoveries',
  'options',
  'workspace_path',
  'guardrails_required',
  'guardrail_status',
  'handles',
  'privacy',
  'artifacts',
  'journal',
  'observability',
]);

const stageAdditions: ReadonlySet<PropertyKey> = new Set([
  'outcome',
  'reason',
  'signal',
  'duration_ms',
  'attempts',
  'needs',
  'allow_failure',
  'log_bytes',
  'log_omitted_bytes',
  'definition_hash',
  'inputs_hash',
  'process',
]);

function isAbsentAddition({ path }: Issue, value: unknown): boolean {
  if (valueAt(value, path) !== undefined) return false;
  const [field, , stageField] = path;
  if (path.length === 1) return field !== undefined && additions.has(field);
  const inStage = field === 'commands' && path.length === 3 && stageField !== undefined;
  return inStage && stageAdditions.has(stageField);
}

function repaired(value: Members, damage: readonly Issue[]): Manifest {
  const members: Members = { ...blankManifest(), ...value };
  for (const { path } of damage) repair(members, path);
  return members as unknown as Manifest;
}

/** Blanks the smallest part that readers can do without: a stage's field, a stage, or a field. */
function repair(members: Members, [field = '', index, stageField]: readonly PropertyKey[]): void {
  const stages = members[field];
  if (field !== 'commands' || !Array.isArray(stages) || typeof index !== 'number') {
    members[field] = (blankManifest() as unknown as Members)[field];
    return;
  }
  const blank = blankStage(index + 1) as unknown as Members;
  const stage: unknown = stages[index];
  const kept = stageField !== undefined && isObject(stage) ? stage : {};
  const cured = stageField === undefined ? {} : { [stageField]: blank[stageField] };
  members[field] = stages.with(index, { ...blank, ...kept, ...cured });
}

function blankStage(index: number): ReturnType<typeof pendingStage> {
  const id = `stage-${index}`;
  return pendingStage({
    index,
    id,
    title: id,
    kind: 'command',
    command: null,
    needs: null,
    allow_failure: false,
  });
}

function unknownPaths(issue: Issue): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return issue.keys.map((key) => pathText([...issue.path, key]).replace(/\[\d+\]/g, '[]'));
}

function versionProblem({ version }: Members): string[] {
  if (typeof version !== 'number' || version <= manifestVersion) return [];
  return [`version: this record has format ${version}, known is ${manifestVersion}`];
}

function isEssential(field: PropertyKey | undefined): boolean {
  return (essentialFields as readonly (PropertyKey | undefined)[]).includes(field);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
