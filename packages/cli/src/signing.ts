import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { messageOf, readString } from '@codex-orchestrator/core';
import { createEd25519Signer } from '@codex-orchestrator/manifest';
import type { RecordSigner } from '@codex-orchestrator/manifest';

import { CliError } from './errors.js';
import type { Io } from './io.js';

/** Path of an Ed25519 private key in PEM, relative to the root: with it, records are signed. */
export const signingKeyVariable = 'CODEX_ORCHESTRATOR_SIGNING_KEY';

/**
 * The signer that the environment asks for; undefined when it asks for none.
 *
 * @throws CliError, ManifestError `SIGNING_KEY_UNUSABLE`
 */
export function readSigner(env: Io['env'], root: string): RecordSigner | undefined {
  const name = readString(env, signingKeyVariable, undefined);
  if (name === undefined) return undefined;
  return createEd25519Signer(readKey(resolve(root, name), 'SIGNING_KEY_UNUSABLE'));
}

/**
 * The public key in a file, as PEM.
 *
 * @throws CliError `PUBLIC_KEY_UNUSABLE`
 */
export function readPublicKey(path: string): string {
  const pem = readKey(path, 'PUBLIC_KEY_UNUSABLE');
  try {
    const { asymmetricKeyType: type } = createPublicKey(pem);
    if (type !== 'ed25519') throw new Error(`it is of type ${type ?? 'unknown'}, not ed25519`);
    return pem;
  } catch (cause) {
    throw unusable('PUBLIC_KEY_UNUSABLE', path, cause);
  }
}

type KeyCode = 'PUBLIC_KEY_UNUSABLE' | 'SIGNING_KEY_UNUSABLE';

function readKey(path: string, code: KeyCode): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unusable(code, path, cause);
  }
}

/** The reason never quotes the file: it may be the wrong one, and a secret. */
function unusable(code: KeyCode, path: string, cause: unknown): CliError {
  const reason = messageOf(cause);
  return new CliError(code, `Cannot use the key \`${path}\`: ${reason}`, {
    cause,
    details: { path },
  });
}
