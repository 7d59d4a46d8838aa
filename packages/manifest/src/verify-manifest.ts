import { codeOf, messageOf, readFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import { firstDifference } from './first-difference.js';
import { recoveringDetail } from './fold-manifest.js';
import { hasRightChecksum } from './manifest-checksum.js';
import { isFinalStatus, manifestVersion } from './manifest.js';
import type { JournalAnchor, Manifest } from './manifest.js';
import { parseManifest } from './parse-manifest.js';
import type { Verification } from './verification.js';
import type { CheckedJournal } from './verify-journal.js';

const maxFileBytes = 256 * 1024 * 1024;

/** A manifest as it lies on disk. */
export interface ManifestFile {
  readonly bytes: number;
  readonly value: Readonly<Record<string, unknown>>;
  readonly manifest: Manifest;
  /** Undefined where it states none. */
  readonly hasRightChecksum: boolean | undefined;
}

/**
 * Reads a manifest; undefined where there is none that can be read as one, which is found.
 *
 * @throws ManifestError `MANIFEST_UNREADABLE` when the system refuses to read it.
 */
export function readManifestFile(
  verification: Verification,
  fs: FileSystem,
): ManifestFile | undefined {
  const { manifestPath } = verification.layout;
  const file = readBytes(verification, fs);
  if (!file) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file));
    const parsed = parseManifest(value);
    if (!parsed.ok) throw new Error(parsed.error);
    return {
      bytes: file.byteLength,
      value: value as Readonly<Record<string, unknown>>,
      manifest: parsed.value.manifest,
      hasRightChecksum: hasRightChecksum(file),
    };
  } catch (error) {
    verification.find('manifest-damaged', manifestPath, { message: messageOf(error) });
    return undefined;
  }
}

function readBytes(verification: Verification, fs: FileSystem): Buffer | undefined {
  const path = verification.layout.manifestPath;
  try {
    return readFile(fs, path, maxFileBytes);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') {
      const message = `Cannot read "${path}": ${messageOf(cause)}`;
      throw new ManifestError('MANIFEST_UNREADABLE', message, { path, cause });
    }
  }
  verification.find('manifest-missing', path, { message: 'the manifest is not there' });
  return undefined;
}

/**
 * Holds a manifest against the journal that it was folded from, field by field, as of the event that it
 * names. What its fields do not show, its checksum does.
 */
export function checkManifest(
  verification: Verification,
  file: ManifestFile,
  journal: CheckedJournal,
): void {
  const anchor = file.manifest.journal;
  if (!anchor && !journal.isChained && file.hasRightChecksum === undefined) {
    verification.remark(
      'The manifest names no place in the journal: an older version or another tool wrote it.',
    );
    return;
  }
  const field = differingField(verification, { file, anchor, journal });
  if (field) {
    verification.find('manifest-altered', verification.layout.manifestPath, field);
    return;
  }
  if (file.hasRightChecksum === true) return;
  const message =
    file.hasRightChecksum === undefined
      ? 'its checksum is missing'
      : 'its text is not the one that was written; all that follows from the journal is as it should be';
  verification.find('manifest-altered', verification.layout.manifestPath, {
    field: 'checksum',
    message,
  });
}

interface Held {
  readonly file: ManifestFile;
  readonly anchor: JournalAnchor | null;
  readonly journal: CheckedJournal;
}

interface AlteredField {
  readonly field: string;
  readonly message: string;
}

function differingField(verification: Verification, held: Held): AlteredField | undefined {
  const { file, anchor, journal } = held;
  if (!journal.isSound) return undefined;
  if (!anchor) return { field: 'journal', message: 'it names no place in the journal' };
  const place = journal.places.get(anchor.lines);
  if (!place) return reportCut(verification, held);
  const anchored = firstDifference({ ...place.anchor }, { ...anchor }, ['journal']);
  if (anchored && file.hasRightChecksum === true) {
    const message = `the manifest was made from other lines than the first ${anchor.lines}`;
    verification.find('journal-altered', verification.layout.journalPath, {
      line: anchor.lines,
      message,
    });
    return undefined;
  }
  if (anchored) return describe(anchored);
  remarkProgress(verification, held);
  if (journal.unknownEvents > 0 || Number(file.value['version']) > manifestVersion) {
    verification.remark(
      'A newer version wrote the record: not all of the manifest can be checked.',
    );
    return undefined;
  }
  const difference =
    place.manifest && firstDifference(expectedOf(place.manifest, anchor), actualOf(file));
  return difference && describe(difference);
}

/** A manifest whose text is not the one that was written is no witness against the journal. */
function reportCut(
  verification: Verification,
  { file, anchor, journal }: Held,
): AlteredField | undefined {
  const wanted = anchor?.lines ?? 0;
  const held = `the journal holds ${journal.end.lines} events`;
  if (file.hasRightChecksum !== true) {
    return { field: 'journal.lines', message: `it names event ${wanted}, and ${held}` };
  }
  verification.find('journal-cut', verification.layout.journalPath, {
    line: journal.lines + 1,
    message: `${held}, and the manifest was made from ${wanted}`,
  });
  return undefined;
}

/** A crash can come between a line and the manifest that it belongs to. */
function remarkProgress(verification: Verification, { anchor, journal, file }: Held): void {
  const behind = journal.end.lines - (anchor?.lines ?? 0);
  if (behind === 0) return;
  const isBehind = `The manifest is behind the journal by ${behind}`;
  const ended = journal.manifest && isFinalStatus(journal.manifest.status);
  if (isFinalStatus(file.manifest.status) || ended) {
    verification.remark(`${isBehind}, as a crash leaves it; recovering the run completes it.`);
  }
}

function describe({
  field,
  expected,
  actual,
}: {
  field: string;
  expected: unknown;
  actual: unknown;
}): AlteredField {
  return { field, message: `the journal says ${shown(expected)}, the manifest ${shown(actual)}` };
}

function expectedOf(manifest: Manifest, anchor: JournalAnchor): unknown {
  return JSON.parse(JSON.stringify(comparable({ ...manifest, journal: anchor })));
}

function actualOf({ value }: ManifestFile): unknown {
  return comparable(value);
}

/** Without the members of which the journal says nothing; what stays undefined is no difference. */
function comparable(members: object): object {
  const { status, status_detail } = members as Pick<Manifest, 'status' | 'status_detail'>;
  const isStill = isFinalStatus(status) || status_detail === recoveringDetail;
  const heartbeat = isStill ? {} : { heartbeat_at: undefined };
  return { ...members, checksum: undefined, observability: undefined, ...heartbeat };
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
