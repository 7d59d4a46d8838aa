import type { RedactingStream, RunRedactor } from '../src/index.js';

/** Takes one word out of everything, and counts as a real redactor does. */
export function plainRedactor(word: string): RunRedactor {
  const text = (value: string): string => value.replaceAll(word, '[REDACTED]');
  return {
    mode: 'enforce',
    openStream: () => openStream(word, text),
    text,
    json: (value) => redactStrings(value, text) as typeof value,
  };
}

function openStream(word: string, text: (value: string) => string): RedactingStream {
  let [frames, redactedFrames, found] = [0, 0, 0];
  return {
    push(chunk) {
      const given = chunk.toString();
      const here = given.split(word).length - 1;
      frames++;
      if (here > 0) redactedFrames++;
      found += here;
      return Buffer.from(text(given));
    },
    flush: () => Buffer.alloc(0),
    get counts() {
      const matches: Record<string, number> = found === 0 ? {} : { word: found };
      return { frames, redactedFrames, blockedFrames: 0, matches };
    },
  };
}

function redactStrings(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactStrings(member, text)]),
  );
}
