import { sha256Hex } from '@codex-orchestrator/core';

/**
 * The last member of a manifest, `checksum`, is the SHA-256 of the text that the file would have
 * without it. It tells of bytes that changed by themselves or by hand; whoever wants to deceive can
 * compute it anew, and is found where the manifest is held against the journal.
 */
const memberPattern = /,\n {2}"checksum": "([0-9a-f]{64})"\n\}\n$/;
const ending = '\n}\n';
const memberText = (sum: string): string => `,\n  "checksum": "${sum}"`;

/** What the member adds to a text. */
export const checksumBytes = memberText('').length + 64;

export function withChecksum(text: string): string {
  return `${text.slice(0, -ending.length)}${memberText(sha256Hex(text))}${ending}`;
}

/** Whether a file is as it was written; undefined where it does not end with a checksum. */
export function hasRightChecksum(file: Buffer): boolean | undefined {
  const tail = file.subarray(-(checksumBytes + ending.length)).toString('latin1');
  const stated = memberPattern.exec(tail)?.[1];
  if (stated === undefined) return undefined;
  const text = file.subarray(0, file.byteLength - checksumBytes - ending.length);
  return sha256Hex(Buffer.concat([text, Buffer.from(ending)])) === stated;
}
