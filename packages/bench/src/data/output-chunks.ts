import { chunksOf, cutAt } from './chunks.js';
import type { Part } from './chunks.js';
import { createDraws } from './seeded-draws.js';
import type { SeededDraws } from './seeded-draws.js';
import { words } from './words.js';

export interface OutputChunksOptions {
  readonly bytes: number;
  readonly variant: 'compact' | 'realistic' | 'hostile';
  readonly seed: number;
}

/** Raise it when other bytes come of the same options. */
export const outputVersion = 1;

/**
 * What a program prints, exactly so many bytes in chunks of about a MiB; the end may be in the middle of a
 * line or character. `compact`: lines of 80 ASCII characters. `realistic`: lines of many lengths with
 * colours, bars of progress, other scripts, stack traces and, in one of forty, what looks like a secret.
 * `hostile`: bytes that are no text, without regard for lines.
 */
export function outputChunks(options: OutputChunksOptions): Generator<Buffer, void, void> {
  return cutAt(chunksOf(partsOf(options)), options.bytes);
}

function* partsOf({ bytes, variant, seed }: OutputChunksOptions): Generator<Part, void, void> {
  // A character is a byte at least.
  for (let index = 0, length = 0; length < bytes; index += 1) {
    const part = partAt(index, variant, seed);
    length += part.length;
    yield part;
  }
}

function partAt(index: number, variant: OutputChunksOptions['variant'], seed: number): Part {
  const random = createDraws(seed ^ 0x6a09e667, index);
  if (variant === 'compact') return compactLine(random);
  return variant === 'hostile' ? random.pick(hostileKinds)(random) : `${realisticLine(random)}\n`;
}

function compactLine(random: SeededDraws): string {
  let text = random.pick(words);
  while (text.length < 79) text += ` ${random.pick(words)}`;
  return `${text.slice(0, 79)}\n`;
}

function realisticLine(random: SeededDraws): string {
  const draw = random.below(40);
  if (draw === 0) return `${sentence(random, 3)} ${secretLike(random)} ${sentence(random, 4)}`;
  if (draw === 1) return sentence(random, 200 + random.below(3000));
  if (draw < 6) return `\u001b[3${1 + random.below(6)}m${sentence(random, 8)}\u001b[39m`;
  if (draw < 9)
    return `    at ${random.pick(words)} (src/${random.pick(words)}.ts:${random.below(900)}:7)`;
  if (draw < 11) return `\r\u001b[K${'='.repeat(random.below(50))}> ${random.below(101)} %`;
  if (draw < 14) return `${random.pick(foreign)} ${sentence(random, 6)}`;
  if (draw === 14) return '';
  return sentence(random, 4 + random.below(16));
}

function sentence(random: SeededDraws, count: number): string {
  let text = random.pick(words);
  for (let at = 1; at < count; at += 1) text += ` ${random.pick(words)}`;
  return text;
}

/**
 * Put together when it is asked for: nothing of this file looks like a secret, and what comes of it
 * belongs to nobody.
 */
function secretLike(random: SeededDraws): string {
  const kind = random.below(5);
  if (kind === 0) return ['gh', 'p_', random.hex(36)].join('');
  if (kind === 1) return ['AK', 'IA', random.hex(16).toUpperCase()].join('');
  if (kind === 2) return ['Authorization: Bea', 'rer ', random.hex(40)].join('');
  if (kind === 3) return ['API_', 'KEY=', random.hex(32)].join('');
  return ['https://user:', random.hex(20), '@example.com/'].join('');
}

const foreign = ['größer als', 'データ検証', 'Проверка', 'naïve café', '✅ done', '🙂', '“quoted”'];

type Hostile = (random: SeededDraws) => Uint8Array;

/** The order is part of what a seed comes to. */
const hostileKinds: readonly Hostile[] = [
  // All bytes there are but the end of a line.
  (random) => {
    const first = random.below(256);
    const bytes = Array.from({ length: 256 }, (_, at) => (first + at) % 256);
    return Buffer.from([...bytes.filter((byte) => byte !== 10), 10]);
  },
  // Characters of several bytes without their first or last ones.
  (random) => {
    const bytes = Buffer.from('🙂größe');
    return bytes.subarray(random.below(4), bytes.length - random.below(3));
  },
  (random) => Buffer.alloc(1 + random.below(5000)),
  (random) => Buffer.from('\u001b['.repeat(1 + random.below(40))),
  (random) => Buffer.from('\r'.repeat(1 + random.below(2000))),
  (random) => Buffer.from('x'.repeat(1 + random.below(200_000))),
  (random) => Buffer.from('\n'.repeat(1 + random.below(2000))),
  (random) => Buffer.from(`${secretLike(random)}\u0000${secretLike(random)}`),
  (random) => Buffer.from(random.hex(1 + random.below(4000)), 'hex'),
  (random) => Buffer.from(`\ufeff${sentence(random, 20)}\r\n`),
];
