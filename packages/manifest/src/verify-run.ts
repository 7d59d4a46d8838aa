import { nodeFileSystem, resolveInside } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { isFinalStatus } from './manifest.js';
import type { Artifact } from './manifest.js';
import { readSignature } from './read-signature.js';
import type { ReadSignature } from './read-signature.js';
import type { RunLayout } from './run-layout.js';
import { effectiveStatus } from './run-liveness.js';
import type { LivenessOptions } from './run-liveness.js';
import { Verification } from './verification.js';
import type { VerificationReport } from './verification.js';
import { checkFiles, remarkOtherFiles } from './verify-files.js';
import { checkJournal } from './verify-journal.js';
import type { CheckedJournal } from './verify-journal.js';
import { checkManifest, readManifestFile } from './verify-manifest.js';
import type { ManifestFile } from './verify-manifest.js';
import { checkSignature } from './verify-signature.js';

export interface VerifyRunOptions extends LivenessOptions {
  readonly fs?: FileSystem;
  /**
   * The ed25519 public key, as PEM, of whoever is trusted to have signed. A sealed record without its
   * signature is then damaged.
   *
   * @default undefined (a signature is held against the record alone)
   */
  readonly publicKey?: string;
}

/**
 * Whether a record is as it was written: every line of the journal against the one before, the manifest
 * against the journal, every file that an event names against its digest, and the signature if there
 * is one. It needs nothing but the run's folder, changes nothing, and holds one line and the fold in
 * memory. A run that is going on can be checked too, as far as it has come. Damage is an answer;
 * only what the system refuses to read is thrown.
 *
 * @throws ManifestError `JOURNAL_UNREADABLE`, `MANIFEST_UNREADABLE`, `SIGNING_KEY_UNUSABLE`; CoreError
 * `PATH_ESCAPES_ROOT`.
 */
export async function verifyRun(
  layout: RunLayout,
  options: VerifyRunOptions = {},
): Promise<VerificationReport> {
  const { fs = nodeFileSystem, publicKey } = options;
  resolveInside(layout.runsDir, layout.runDir, { fs });
  const verification = new Verification(layout);
  // In this order: while a run goes on, the journal only ever has more than the others know of.
  const signature = readSignature(layout.signaturePath, fs);
  const file = readManifestFile(verification, fs);
  const journal = await checkJournal(verification, { fs, places: placesOf(file, signature) });
  const sealed = isSealed(file, journal);
  checkTail(verification, { file, journal, sealed }, options);
  checkIdentity(verification, journal);
  if (file && journal.isThere) checkManifest(verification, file, journal);
  const named = { artifacts: artifactsOf(file, journal), pendingMoves: journal.pendingMoves };
  const { files, bytes } = await checkFiles(verification, named, fs);
  if (sealed) remarkOtherFiles(verification, named, fs);
  const signed = checkSignature(verification, { read: signature, journal, sealed, publicKey });
  verification.close();
  return {
    verdict: verification.verdict,
    sealed,
    findings: verification.findings,
    remarks: verification.remarks,
    checked: {
      journalLines: journal.lines,
      files,
      bytes: journal.bytes + (file?.bytes ?? 0) + bytes,
    },
    signature: signed,
  };
}

function placesOf(file: ManifestFile | undefined, signature: ReadSignature): number[] {
  const anchored = file?.manifest.journal?.lines;
  const signed = signature.kind === 'read' ? signature.signature.lines : undefined;
  return [anchored, signed].filter((place) => place !== undefined);
}

function isSealed(
  file: ManifestFile | undefined,
  { manifest, isChained }: CheckedJournal,
): boolean {
  if (!file || !isFinalStatus(file.manifest.status)) return false;
  // Of a journal that another tool wrote nobody knows what it says.
  return manifest ? isFinalStatus(manifest.status) : !isChained;
}

interface Tail {
  readonly file: ManifestFile | undefined;
  readonly journal: CheckedJournal;
  readonly sealed: boolean;
}

/** Behind the last newline there may be what the owner is writing in this moment. */
function checkTail(
  verification: Verification,
  { file, journal, sealed }: Tail,
  options: LivenessOptions,
): void {
  if (!journal.isTorn) return;
  const line = journal.lines + 1;
  const message = 'writing the line was cut short, or its end is missing';
  const status = file && !sealed ? effectiveStatus(file.manifest, options).status : undefined;
  if (status === 'in_progress')
    verification.remark(`Line ${line} of the journal is being written.`);
  else verification.find('journal-torn', verification.layout.journalPath, { line, message });
}

/** A record that was put in the place of another is true to itself. */
function checkIdentity(verification: Verification, { manifest }: CheckedJournal): void {
  const { layout } = verification;
  if (!manifest || (manifest.run_id === layout.runId && manifest.task_id === layout.taskId)) return;
  const message = `it is that of the run '${manifest.run_id}' of the task '${manifest.task_id}'`;
  verification.find('journal-altered', layout.journalPath, { line: 1, message });
}

/** A damaged journal may have lost names; a manifest with the right checksum has them still. */
function artifactsOf(file: ManifestFile | undefined, journal: CheckedJournal): readonly Artifact[] {
  if (journal.isSound && journal.manifest) return journal.manifest.artifacts;
  if (file?.hasRightChecksum === true) return file.manifest.artifacts;
  return journal.manifest?.artifacts ?? [];
}
