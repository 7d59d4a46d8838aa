import type { Finding, Findings } from './findings.js';
import { findingsBounds } from './findings-schema.js';

/**
 * All that several iterations found, each hotspot once, in the order in which they were first reported.
 * Of two reports of a hotspot the later one speaks, with the evidence and the fixes of both. Two findings
 * are of one hotspot where they name the same symbol of a file, or the same lines where neither names a
 * symbol, or have the same title where there is nothing else. More than 50 are cut.
 */
export function mergeFindings(
  reports: readonly Findings[],
  { goal, generatedAt }: { readonly goal: string; readonly generatedAt: string },
): Findings {
  const merged = new Map<string, Finding>();
  for (const finding of reports.flatMap(({ findings }) => findings)) {
    const key = keyOf(finding);
    const earlier = merged.get(key);
    merged.set(key, earlier ? mergeTwo(earlier, finding) : finding);
  }
  const findings = [...merged.values()].slice(0, findingsBounds.findings);
  return { version: 1, goal, generated_at: generatedAt, findings: withUniqueIds(findings) };
}

function keyOf({ title, hotspot: { file, symbol, lines } }: Finding): string {
  if (symbol !== undefined) return `${file}\nsymbol ${symbol.replace(/\(.*$/, '').trim()}`;
  if (lines !== undefined) return `${file}\nlines ${lines}`;
  return `${file}\ntitle ${title.toLowerCase().replace(/\s+/g, ' ')}`;
}

function mergeTwo(earlier: Finding, later: Finding): Finding {
  const fixes = new Map(
    [...later.candidate_fixes, ...earlier.candidate_fixes]
      .toReversed()
      .map((fix) => [fix.title.toLowerCase(), fix]),
  );
  const impact = later.impact ?? earlier.impact;
  return {
    ...later,
    id: earlier.id,
    hotspot: { ...earlier.hotspot, ...later.hotspot },
    evidence: [...new Set([...later.evidence, ...earlier.evidence])].slice(
      0,
      findingsBounds.evidence,
    ),
    ...(impact !== undefined && { impact }),
    candidate_fixes: [...fixes.values()].toReversed().slice(0, findingsBounds.fixes),
  };
}

function withUniqueIds(findings: readonly Finding[]): Finding[] {
  const taken = new Set<string>();
  return findings.map((finding) => {
    let id = finding.id;
    for (let count = 2; taken.has(id); count++) id = `${finding.id}-${count}`;
    taken.add(id);
    return { ...finding, id };
  });
}
