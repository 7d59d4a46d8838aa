import { plainText } from './plain-text.js';

const maxTailBytes = 8 * 1024;

/**
 * The end of an output for people and prompts: at most 8 KiB, without colours and without secrets. Where
 * it was cut, it begins with a whole line if there is one.
 */
export function lastText(output: Buffer, redact: (text: string) => string): string {
  // Secrets last: taking colours out can put the parts of one together.
  const text = Buffer.from(redact(plainText(output.toString('utf8'))));
  if (text.length <= maxTailBytes) return text.toString('utf8');
  const end = text.subarray(text.length - maxTailBytes);
  const firstBreak = end.indexOf('\n');
  if (firstBreak >= 0 && firstBreak < end.length - 1) {
    return end.subarray(firstBreak + 1).toString('utf8');
  }
  return end.subarray(characterStart(end)).toString('utf8');
}

/** Past the rest of a character whose first byte was cut off: at most three continuation bytes. */
function characterStart(bytes: Buffer): number {
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0b1100_0000) === 0b1000_0000) start += 1;
  return start;
}
