import type * as Crypto from 'node:crypto';

import { messageOf, writeJsonAtomic } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import { crypto } from './node-crypto.js';
import { ManifestError } from './errors.js';
import type { JournalAnchor } from './manifest.js';
import type { RunLayout } from './run-layout.js';
import { timeOf } from './time-of.js';

/** Signs the end of a record, so that it can be told from one that somebody made up. */
export interface RecordSigner {
  /** Of the key pair, as PEM (SPKI). */
  readonly publicKey: string;
  /** The signature of a text's UTF-8 bytes, as base64. */
  sign(text: string): string;
}

/** What `signature.json` says. */
export interface RecordSignature {
  readonly v: 1;
  readonly algorithm: 'ed25519';
  readonly task_id: string;
  readonly run_id: string;
  /** Number of the last event that is signed. */
  readonly lines: number;
  /** Its chain: it stands for all lines up to it. */
  readonly head: string;
  readonly signed_at: string;
  /** As PEM (SPKI). It says who signed to those alone who know the key already. */
  readonly public_key: string;
  /** Of `signedText`, as base64. */
  readonly signature: string;
}

/** The part of a signature that is signed. */
export type SignedFacts = Pick<
  RecordSignature,
  'head' | 'lines' | 'run_id' | 'signed_at' | 'task_id'
>;

/** The text that is signed: six lines, each with a newline. */
export function signedText({ task_id, run_id, lines, head, signed_at }: SignedFacts): string {
  const facts = [`task ${task_id}`, `run ${run_id}`, `lines ${lines}`, `head ${head}`];
  return ['codex-orchestrator run record 1', ...facts, `at ${signed_at}`, ''].join('\n');
}

/**
 * A signer from an ed25519 private key as PEM (PKCS #8).
 *
 * @throws ManifestError `SIGNING_KEY_UNUSABLE`.
 */
export function createEd25519Signer(privateKeyPem: string): RecordSigner {
  const key = usableKey(privateKeyPem, (pem) => crypto().createPrivateKey(pem));
  const publicKey = crypto().createPublicKey(key).export({ type: 'spki', format: 'pem' });
  return {
    publicKey: publicKey.toString(),
    sign: (text) => crypto().sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/**
 * Whether a text was signed with the private key of this public one.
 *
 * @throws ManifestError `SIGNING_KEY_UNUSABLE`.
 */
export function isSignedBy(publicKeyPem: string, text: string, signature: string): boolean {
  const key = usableKey(publicKeyPem, (pem) => crypto().createPublicKey(pem));
  return crypto().verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
}

/** Whether two texts hold the same public key. */
export function isSameKey(aPem: string, bPem: string): boolean {
  try {
    const [a, b] = [aPem, bPem].map((pem) => usableKey(pem, crypto().createPublicKey));
    return a !== undefined && b !== undefined && a.equals(b);
  } catch {
    return false;
  }
}

interface Signing {
  readonly signer: RecordSigner;
  readonly anchor: JournalAnchor;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/**
 * Writes `signature.json`, durable when the promise resolves, and returns the fsyncs done.
 *
 * @throws ManifestError `SIGNATURE_FAILED`.
 */
export async function writeSignature(layout: RunLayout, signing: Signing): Promise<number> {
  const { signer, anchor, fs, clock, random } = signing;
  const path = layout.signaturePath;
  try {
    const facts: SignedFacts = {
      task_id: layout.taskId,
      run_id: layout.runId,
      lines: anchor.lines,
      head: anchor.head,
      signed_at: timeOf(clock),
    };
    const value: RecordSignature = {
      v: 1,
      algorithm: 'ed25519',
      ...facts,
      public_key: signer.publicKey,
      signature: signer.sign(signedText(facts)),
    };
    const ports = { fs, clock, random, durability: 'power' } as const;
    return (await writeJsonAtomic(path, value, ports)).fsyncs;
  } catch (cause) {
    const message = `The record is not signed: ${messageOf(cause)}`;
    throw new ManifestError('SIGNATURE_FAILED', message, { path, cause });
  }
}

function usableKey(pem: string, read: (pem: string) => Crypto.KeyObject): Crypto.KeyObject {
  let key: Crypto.KeyObject;
  try {
    key = read(pem);
  } catch (cause) {
    const message = `Expected a key as PEM: ${messageOf(cause)}`;
    throw new ManifestError('SIGNING_KEY_UNUSABLE', message, { cause });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  const message = `Expected an ed25519 key, got one of type '${key.asymmetricKeyType ?? 'unknown'}'`;
  throw new ManifestError('SIGNING_KEY_UNUSABLE', message);
}
