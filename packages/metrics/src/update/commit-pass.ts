import { encodeCheckpoint } from '../checkpoint/checkpoint.js';
import type {
  Checkpoint,
  CheckpointCounts,
  DamagedMark,
  OutputMark,
} from '../checkpoint/checkpoint.js';
import { finishBuiltIn } from '../fold/built-in.js';
import { buildAllButEpochs } from '../fold/documents.js';
import { epochs } from '../fold/epochs.js';
import type { Fold } from '../fold/fold.js';
import { perEpochText } from '../fold/per-epoch-text.js';
import { rotateLive } from '../history/rotate.js';
import type { JsonValue } from '../fold/reducer.js';
import type { IndexMark } from '../index/index-mark.js';
import { removeOtherIndexes } from '../index/remove-indexes.js';
import { EntryReader } from '../scan/entry-reader.js';
import type { CountedSegments } from './count-segments.js';
import { addCounts, NAMED_DAMAGED_LINES, noCounts } from './history-fold.js';
import type { HistoryFold } from './history-fold.js';
import { isInPlace, readBaselineFile, replace, textOf, UNDATED, writeOutputs } from './outputs.js';
import type { OutputTexts, WrittenOutputs } from './outputs.js';
import { finishCustom } from './pass.js';
import type { PassRequest, PassResult } from './pass.js';
import { isFull } from './rotation.js';
import type { DamagedLineReport, RebuildReason } from './update-report.js';

/** What a pass has counted, before any of it is on disk. */
export interface CountedPass {
  readonly request: PassRequest;
  readonly because: RebuildReason | null;
  readonly fold: Fold;
  readonly history: HistoryFold;
  readonly counted: CountedSegments;
  readonly before: {
    readonly bytesRead: number;
    /** Missing where counting began at the beginning. */
    readonly counts: CheckpointCounts | undefined;
    readonly damaged: readonly DamagedMark[];
    readonly outputs: Readonly<Record<string, OutputMark>>;
    /** The state that the document by epochs was made of, where that is known. */
    readonly epochs: JsonValue | undefined;
  };
  /** Writes the run index. */
  readonly finishIndex: () => IndexMark;
}

/**
 * Puts what was counted on disk.
 *
 * The order of the writes, and what a crash after each leaves: slots of the run index, which the old
 * checkpoint does not know and which are removed at the next look; documents that are newer than the
 * checkpoint, to which the next pass comes again; a rotated segment, which is recognised by its content;
 * the new checkpoint, with everything in place; files of older run indexes, which go with the next ones.
 */
export async function commitPass(pass: CountedPass): Promise<PassResult> {
  const { request, because, fold, history, counted, before } = pass;
  const { layout, ports } = request;
  // Before the last line that nothing ends yet is counted: no checkpoint knows it.
  const reducers = fold.encode();
  const counts = { ...history.counts };
  countTail(history, counted.tail);
  const custom = finishCustom(fold, request.reducers);
  const index = pass.finishIndex();
  const outputs = await writeDocuments(pass, counted.tail ? fold.encode() : reducers);
  const { marks, rotated } = rotateWhereFull(counted, request);
  const checkpoint: Checkpoint = {
    task_id: layout.taskId,
    segments: marks,
    counts: addCounts(before.counts ?? noCounts, counts),
    damaged: [...before.damaged, ...history.damagedLines.map(damagedMark)].slice(
      0,
      NAMED_DAMAGED_LINES,
    ),
    reducers,
    index,
    outputs: outputs.marks,
    updated_at: new Date(ports.clock.nowMs()).toISOString(),
  };
  await replace(layout.checkpointPath, encodeCheckpoint(checkpoint), ports);
  removeOtherIndexes(layout, index.generation, ports.fs);
  return {
    isUnchanged: false,
    rebuiltBecause: because,
    segments: marks,
    totals: checkpoint.counts,
    counts,
    damagedLines: history.damagedLines,
    bytesRead: before.bytesRead + counted.bytesRead,
    outputsWritten: outputs.paths,
    rotated,
    custom,
  };
}

function countTail(history: HistoryFold, tail: Buffer | undefined): void {
  if (tail === undefined) return;
  const reader = new EntryReader();
  const facts = reader.read(tail, 0, tail.byteLength);
  if (facts !== undefined) history.provisional(facts, reader);
}

async function writeDocuments(pass: CountedPass, encoded: Encoded): Promise<WrittenOutputs> {
  const { request, fold, before } = pass;
  const { layout, ports } = request;
  const documents = buildAllButEpochs(finishBuiltIn(fold), {
    baseline: readBaselineFile(layout, ports.fs),
    updatedAt: UNDATED,
  });
  if (documents === undefined) return { marks: before.outputs, paths: [] };
  const texts = Object.entries(documents).map(([name, document]) => [name, textOf(document)]);
  const perEpoch = isSameByEpochs(pass, encoded) ? undefined : perEpochTextOf(encoded);
  return writeOutputs(
    layout,
    { ...(Object.fromEntries(texts) as OutputTexts), ...(perEpoch && { perEpoch }) },
    before.outputs,
    ports,
  );
}

type Encoded = ReturnType<Fold['encode']>;

/** By far the largest document, and most runs name no epoch. */
function isSameByEpochs({ request, before }: CountedPass, encoded: Encoded): boolean {
  const mark = before.outputs['perEpoch'];
  return (
    mark !== undefined &&
    JSON.stringify(before.epochs) === JSON.stringify(encoded[epochs.id]?.state) &&
    isInPlace(request.layout.perEpochPath, mark, request.ports.fs)
  );
}

function perEpochTextOf(encoded: Encoded): string | undefined {
  const text = perEpochText(encoded[epochs.id]?.state, UNDATED);
  return text && `${text}\n`;
}

function rotateWhereFull(
  { marks }: CountedSegments,
  { layout, ports, rotation }: PassRequest,
): { readonly marks: CountedSegments['marks']; readonly rotated: string | null } {
  const live = marks.at(-1);
  if (live === undefined || !isFull(live, rotation)) return { marks, rotated: null };
  const segment = rotateLive(layout, ports);
  if (segment === undefined) return { marks, rotated: null };
  // As if the file ended where it is counted: what came behind since shows as growth.
  const closed = {
    ...live,
    name: segment.name,
    live: false,
    bytes: live.committed,
    mtime_ms: segment.mtimeMs,
  };
  return { marks: [...marks.slice(0, -1), closed], rotated: segment.name };
}

function damagedMark({ segment, offset, byteLength, reason }: DamagedLineReport): DamagedMark {
  return { segment, offset, bytes: byteLength, reason };
}
