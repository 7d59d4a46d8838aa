import { createHash } from 'node:crypto';

/**
 * What a guard answered as text that is the same for equal answers: members sorted by name, bytes by their
 * digest, maps and sets as lists. Functions have no say.
 */
export function stableJson(value: unknown): string {
  // In a list, so that nothing at all is text as well.
  return JSON.stringify([value], (_name, member: unknown) => plain(member)).slice(1, -1);
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  if (value instanceof Map) return { map: [...value.entries()] };
  if (value instanceof Set) return { set: [...value.values()] };
  if (value instanceof Error) return { error: value.message };
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
