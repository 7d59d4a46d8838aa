import type { Finding } from '../gate/finding.js';
import type { Registry } from './parse-registry.js';
import type { RegistryEntry } from './registry-entry.js';
import { formatDay } from '../calendar/calendar-day.js';

export interface RegistryFacts {
  readonly registry: Registry;
  /** Relative to the root. */
  readonly registryPath: string;
  /** Documents that have to be in it, relative to the root. */
  readonly documents: readonly string[];
  /** Whether a path of an entry is a file in the root. */
  readonly isThere: (path: string) => boolean;
  /** Days since the epoch. */
  readonly today: number;
}

/** What is wrong, as lists of the report and as findings. */
export interface RegistryVerdict {
  readonly missingInRegistry: readonly string[];
  readonly missingOnDisk: readonly string[];
  readonly invalidEntries: readonly InvalidEntry[];
  readonly staleEntries: readonly StaleEntry[];
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

export interface InvalidEntry {
  readonly path: string;
  readonly issues: readonly string[];
}

export interface StaleEntry {
  readonly path: string;
  readonly last_review: string;
  readonly cadence_days: number;
  readonly age_days: number;
}

/** Holds a registry against the documents that are there. Pure but for the question whether a file is. */
export function judgeRegistry(facts: RegistryFacts): RegistryVerdict {
  const { registry, documents } = facts;
  const judged = judgeEntries(registry.entries, facts);
  const paths = new Set(registry.entries.map(({ path }) => path));
  const missingInRegistry = documents.filter((document) => !paths.has(document));
  const lines = judged.some(hasFindings) ? registry.lines() : [];
  return {
    missingInRegistry,
    missingOnDisk: judged.flatMap(({ missing }) => missing ?? []),
    invalidEntries: judged.flatMap(({ invalid }) => invalid ?? []),
    staleEntries: judged.flatMap(({ stale }) => stale ?? []),
    findings: [
      ...missingInRegistry.map((path) => missingFinding(path, facts.registryPath)),
      ...judged.flatMap((entry, index) =>
        entryFindings(entry, { file: facts.registryPath, line: lines[index] ?? null }),
      ),
    ],
    warnings: warnOfFuture(registry.entries, facts.today),
  };
}

interface JudgedEntry {
  readonly invalid: InvalidEntry | null;
  readonly missing: string | null;
  readonly stale: StaleEntry | null;
}

function judgeEntries(
  entries: readonly RegistryEntry[],
  { isThere, today }: RegistryFacts,
): JudgedEntry[] {
  const seen = new Set<string>();
  return entries.map((entry) => {
    const { path, label } = entry;
    const isRepeated = path !== null && seen.has(path);
    if (path !== null) seen.add(path);
    const issues = isRepeated ? ['duplicate path', ...entry.issues] : entry.issues;
    return {
      invalid: issues.length > 0 ? { path: path ?? label, issues } : null,
      missing: path !== null && !isThere(path) ? path : null,
      stale: staleness(entry, today),
    };
  });
}

/** Null also for what is archived, and for what cannot be told because the entry is not valid. */
function staleness(entry: RegistryEntry, today: number): StaleEntry | null {
  const { path, label, status, reviewDay, cadenceDays } = entry;
  if (status === null || status === 'archived') return null;
  if (reviewDay === null || cadenceDays === null) return null;
  const ageDays = today - reviewDay;
  if (ageDays <= cadenceDays) return null;
  return {
    path: path ?? label,
    last_review: formatDay(reviewDay),
    cadence_days: cadenceDays,
    age_days: ageDays,
  };
}

function hasFindings({ invalid, missing, stale }: JudgedEntry): boolean {
  return invalid !== null || missing !== null || stale !== null;
}

function missingFinding(path: string, registryPath: string): Finding {
  return {
    rule: 'doc-missing-in-registry',
    file: path,
    line: null,
    message: `${path} is not in ${registryPath}`,
    fix: 'Add an entry for it, or run the gate with --fix',
  };
}

function entryFindings(
  { invalid, missing, stale }: JudgedEntry,
  place: Pick<Finding, 'file' | 'line'>,
): Finding[] {
  const findings: Finding[] = [];
  if (invalid) {
    const message = `The entry of ${invalid.path} is not valid: ${invalid.issues.join(', ')}`;
    findings.push({ rule: 'registry-entry-invalid', ...place, message, fix: null });
  }
  if (missing !== null) {
    const message = `${missing} is in the registry but is not a file of the repository`;
    const fix = 'Take the entry out, or give it the new path of the document';
    findings.push({ rule: 'registry-path-missing', ...place, message, fix });
  }
  if (stale) {
    const { path, last_review: date, age_days: age, cadence_days: cadence } = stale;
    const message = `${path} was reviewed ${age} days ago, on ${date}, and is to be every ${cadence}`;
    const fix = 'Review the document, then set `last_review` of its entry';
    findings.push({ rule: 'doc-stale', ...place, message, fix });
  }
  return findings;
}

function warnOfFuture(entries: readonly RegistryEntry[], today: number): string[] {
  const future = entries.filter(({ reviewDay }) => reviewDay !== null && reviewDay > today);
  const first = future[0];
  if (first === undefined) return [];
  const date = formatDay(first.reviewDay ?? today);
  const others = future.length === 1 ? '' : `, and ${future.length - 1} more`;
  return [`The review of ${first.path ?? first.label} is dated in the future, ${date}${others}`];
}
