import type { RegistryVerdict } from './judge-registry.js';

/** The report as it is written, for programs that read it. */
export interface FreshnessReport {
  readonly version: 1;
  readonly generated_at: string;
  readonly task_id: string;
  readonly registry_path: string;
  readonly totals: FreshnessTotals;
  readonly missing_in_registry: RegistryVerdict['missingInRegistry'];
  readonly missing_on_disk: RegistryVerdict['missingOnDisk'];
  readonly invalid_entries: RegistryVerdict['invalidEntries'];
  readonly stale_entries: RegistryVerdict['staleEntries'];
}

export interface FreshnessTotals {
  readonly docs_scanned: number;
  readonly registry_entries: number;
  readonly missing_in_registry: number;
  readonly missing_on_disk: number;
  readonly invalid_entries: number;
  readonly stale_entries: number;
}

export interface ReportFacts {
  readonly verdict: RegistryVerdict;
  readonly generatedAt: string;
  readonly taskId: string;
  readonly registryPath: string;
  readonly documents: number;
  readonly entries: number;
}

export function makeReport(facts: ReportFacts): FreshnessReport {
  const { missingInRegistry, missingOnDisk, invalidEntries, staleEntries } = facts.verdict;
  return {
    version: 1,
    generated_at: facts.generatedAt,
    task_id: facts.taskId,
    registry_path: facts.registryPath,
    totals: {
      docs_scanned: facts.documents,
      registry_entries: facts.entries,
      missing_in_registry: missingInRegistry.length,
      missing_on_disk: missingOnDisk.length,
      invalid_entries: invalidEntries.length,
      stale_entries: staleEntries.length,
    },
    missing_in_registry: missingInRegistry,
    missing_on_disk: missingOnDisk,
    invalid_entries: invalidEntries,
    stale_entries: staleEntries,
  };
}

/** The first line has the words that tools of old look for; then what is wrong, counted and one by one. */
export function freshnessLines(report: FreshnessReport, verdict: RegistryVerdict): string[] {
  const { totals } = report;
  const counts: readonly [string, number][] = [
    ['missing registry entries', totals.missing_in_registry],
    ['registry references missing files', totals.missing_on_disk],
    ['invalid registry entries', totals.invalid_entries],
    ['stale docs', totals.stale_entries],
  ];
  const word = verdict.findings.length > 0 ? 'FAILED' : 'OK';
  const scanned = `${totals.docs_scanned} docs, ${totals.registry_entries} registry entries`;
  return [
    `docs:freshness ${word} - ${scanned}`,
    ...counts.flatMap(([what, count]) => (count > 0 ? [`- ${what}: ${count}`] : [])),
    ...verdict.findings.map(({ rule, message, file, line }) => {
      const place = line === null ? (file ?? '') : `${file ?? ''}:${line}`;
      return ` - ${place}: ${rule}: ${message}`;
    }),
  ];
}
