import type { ReadSignature } from './read-signature.js';
import { isSameKey, isSignedBy, signedText } from './signature.js';
import type { RecordSignature } from './signature.js';
import type { Verification, VerificationReport } from './verification.js';
import type { CheckedJournal } from './verify-journal.js';

interface SignatureCheck {
  readonly read: ReadSignature;
  readonly journal: CheckedJournal;
  readonly sealed: boolean;
  /** The key that the caller trusts. */
  readonly publicKey: string | undefined;
}

/**
 * Holds a signature against the journal and the key that the caller trusts.
 *
 * @throws ManifestError `SIGNING_KEY_UNUSABLE` when that is no key.
 */
export function checkSignature(
  verification: Verification,
  check: SignatureCheck,
): VerificationReport['signature'] {
  const { read, publicKey, sealed } = check;
  if (publicKey !== undefined) isSignedBy(publicKey, '', '');
  if (read.kind === 'absent') {
    // A run that has not ended cannot be signed yet.
    if (publicKey !== undefined && sealed) missing(verification, 'the record is not signed');
    return 'absent';
  }
  const problem =
    read.kind === 'damaged' ? read.reason : problemOf(read.signature, check, verification);
  if (problem !== undefined) {
    const message = problem;
    verification.find('signature-invalid', verification.layout.signaturePath, { message });
    return 'invalid';
  }
  if (read.kind === 'read') checkReach(verification, read.signature, check);
  if (publicKey !== undefined) return 'valid';
  verification.remark('The signature fits the key that stands in it; no key was given to trust.');
  return 'unchecked';
}

function problemOf(
  signature: RecordSignature,
  { journal, publicKey }: SignatureCheck,
  { layout }: Verification,
): string | undefined {
  const { task_id, run_id, lines, head, public_key } = signature;
  if (task_id !== layout.taskId || run_id !== layout.runId) {
    return `it is that of the run '${run_id}' of the task '${task_id}'`;
  }
  if (publicKey !== undefined && !isSameKey(public_key, publicKey)) return 'another key made it';
  if (!fits(signature)) return 'it does not fit what it signs';
  const place = journal.places.get(lines);
  if (!place) return `it signs ${lines} events, and the journal holds ${journal.end.lines}`;
  return place.anchor.head === head ? undefined : 'it signs another journal';
}

function fits(signature: RecordSignature): boolean {
  try {
    return isSignedBy(signature.public_key, signedText(signature), signature.signature);
  } catch {
    return false;
  }
}

/** Refused attempts may follow a signed end; a further attempt is to be signed anew. */
function checkReach(
  verification: Verification,
  { lines }: RecordSignature,
  { journal, publicKey, sealed }: SignatureCheck,
): void {
  if (lines >= journal.endedAt && (sealed || lines >= journal.end.lines)) return;
  const message = `it covers ${lines} events; the run went on afterwards, to ${journal.end.lines}`;
  if (sealed && publicKey !== undefined) missing(verification, message);
  else verification.remark(`The signature covers ${lines} of ${journal.end.lines} events.`);
}

function missing(verification: Verification, message: string): void {
  verification.find('signature-missing', verification.layout.signaturePath, { message });
}
