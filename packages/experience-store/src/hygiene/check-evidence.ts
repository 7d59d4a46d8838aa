import type { Evidence } from '../record/record.js';

/** `changed`: there is something, but not what the record says. */
export type EvidenceVerdict = 'ok' | 'missing' | 'changed';

export interface EvidenceCheck {
  readonly verified: number;
  readonly missing: number;
  readonly changed: number;
  /** The first records whose evidence is not what they say. */
  readonly examples: readonly {
    readonly id: string;
    readonly path: string;
    readonly verdict: EvidenceVerdict;
  }[];
}

/** `undefined` where nobody can verify anything. */
export async function checkEvidence(
  claims: readonly { readonly id: string; readonly evidence: Evidence }[],
  options: {
    readonly verifyEvidence?:
      ((evidence: Evidence) => EvidenceVerdict | Promise<EvidenceVerdict>) | undefined;
    readonly maxExamples?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<EvidenceCheck | undefined> {
  const { verifyEvidence, maxExamples = 20, signal } = options;
  if (!verifyEvidence) return undefined;
  const counts = { ok: 0, missing: 0, changed: 0 };
  const examples: EvidenceCheck['examples'][number][] = [];
  for (const { id, evidence } of claims) {
    signal?.throwIfAborted();
    const verdict = await verifyEvidence(evidence);
    counts[verdict] += 1;
    if (verdict !== 'ok' && examples.length < maxExamples) {
      examples.push({ id, path: evidence.path, verdict });
    }
  }
  return { verified: claims.length, missing: counts.missing, changed: counts.changed, examples };
}
