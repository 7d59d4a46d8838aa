import { encodeNote } from '../record/encode.js';
import type { PreparedBatch } from '../record/prepare.js';
import type { ExperienceRecord } from '../record/record.js';
import { signatureOfNormal } from '../record/similarity.js';
import { writtenRecordOf } from './known-records.js';
import type { KnownRecords } from './known-records.js';

/** An input that says what a record says already. */
export interface MergedInput {
  /** Its index among the inputs. */
  readonly input: number;
  /** Of the record that says the same. */
  readonly id: string;
  /** 1 where the normalised words are the same. */
  readonly similarity: number;
}

/** What is to be appended for a batch. */
export interface BatchPlan {
  /** Without the frame of a batch, in the order of the inputs. */
  readonly lines: readonly string[];
  readonly records: readonly ExperienceRecord[];
  readonly merged: readonly MergedInput[];
}

/**
 * Decides for each record of a batch whether it is written, or noted as `seen` on the one that says the
 * same: one that is known, or an earlier one of the batch. What is planned becomes known here, so a plan
 * whose append fails spoils what was known.
 */
export function planBatch(batch: PreparedBatch, known: KnownRecords, threshold: number): BatchPlan {
  const lines: string[] = [];
  const records: ExperienceRecord[] = [];
  const merged: MergedInput[] = [];
  for (const [input, prepared] of batch.records.entries()) {
    const { record } = prepared;
    const candidate = writtenRecordOf(record, signatureOfNormal(prepared.normal));
    const same = known.find(candidate, threshold);
    if (same) {
      merged.push({ input, ...same });
      lines.push(encodeSeen(record, same.id));
      continue;
    }
    known.add(candidate);
    records.push(record);
    lines.push(prepared.line);
  }
  return { lines, records, merged };
}

function encodeSeen({ taskId, createdAt, domain, runId }: ExperienceRecord, id: string): string {
  return encodeNote({ note: 'seen', taskId, createdAt, id, domain, runId });
}
