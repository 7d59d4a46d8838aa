import { sha256Hex } from '@codex-orchestrator/core';

/**
 * Lines of a journal are tied to each other: the last member of a line, `chain`, is the SHA-256 of the
 * `chain` of the line before (nothing for the first one) and the line's own text without it. So a
 * changed, missing or moved line shows at its place, and the last value stands for the whole journal.
 */
export interface ChainedLine {
  readonly text: string;
  readonly chain: string;
}

const memberPattern = /,"chain":"([0-9a-f]{64})"\}$/;
const memberBytes = ',"chain":""}'.length + 64;

/** The line for an event that has no `chain` yet. `previous` is empty for the first line. */
export function chainLine(event: object, previous: string): ChainedLine {
  const body = JSON.stringify(event);
  const chain = sha256Hex(previous + body);
  return { text: `${body.slice(0, -1)},"chain":"${chain}"}`, chain };
}

/** What a line says of its chain; undefined for a line that says nothing. */
export function statedChain(text: string): string | undefined {
  return memberPattern.exec(text)?.[1];
}

/**
 * What a line that states a chain has to say if it was written behind the line with this one. It takes
 * the bytes as they lie on disk: other bytes can read as the same text.
 */
export function chainBehind(previous: string, line: Uint8Array): string {
  const body = line.subarray(0, line.byteLength - memberBytes);
  return sha256Hex(Buffer.concat([Buffer.from(previous), body, Buffer.from('}')]));
}
