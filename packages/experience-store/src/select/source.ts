import type { ExperienceRecord } from '../record/record.js';

/** By what records count as being of one source. */
export type ExperienceSourceKind =
  'group_id' | 'run_id' | 'manifest_path' | 'stamp_signature' | 'record_id';

export interface ExperienceSource {
  readonly kind: ExperienceSourceKind;
  readonly key: string;
}

/**
 * Where a record comes from: its group, else its run, else its manifest, else the stamp of its prompt
 * pack; the first of them that is not blank. A record with none of them is a source of its own.
 */
export function sourceOf(record: ExperienceRecord): ExperienceSource {
  const places: readonly (readonly [ExperienceSourceKind, string | null])[] = [
    ['group_id', record.groupId],
    ['run_id', record.runId],
    ['manifest_path', record.manifestPath],
    ['stamp_signature', record.stampSignature],
  ];
  for (const [kind, value] of places) {
    const key = value?.trim() ?? '';
    if (key !== '') return { kind, key };
  }
  return { kind: 'record_id', key: record.id };
}
