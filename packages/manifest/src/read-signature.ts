import { codeOf, messageOf, readFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import * as z from 'zod/mini';

import { describeIssue } from './describe-issue.js';
import { count, hash, text, time } from './schema.js';
import type { RecordSignature } from './signature.js';

const maxFileBytes = 64 * 1024;

export type ReadSignature =
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'read'; readonly signature: RecordSignature };

/** What `signature.json` says; whether that is true is another question. Never throws. */
export function readSignature(path: string, fs: FileSystem): ReadSignature {
  try {
    const value: unknown = JSON.parse(readFile(fs, path, maxFileBytes).toString('utf8'));
    const parsed = signatureSchema().safeParse(value);
    if (parsed.success) return { kind: 'read', signature: parsed.data };
    const [issue] = parsed.error.issues;
    return { kind: 'damaged', reason: issue ? describeIssue(issue, value) : 'unknown content' };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'absent' };
    return { kind: 'damaged', reason: messageOf(error) };
  }
}

function signatureSchema() {
  return z.strictObject({
    v: z.literal(1),
    algorithm: z.literal('ed25519'),
    task_id: text(),
    run_id: text(),
    lines: count(),
    head: hash(),
    signed_at: time(),
    public_key: text(),
    signature: text(),
  });
}
