import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { cutAt, enforcing, leaks, throughStream } from './samples.js';

const redactor = enforcing();

test.each(leaks)('%j comes out the same wherever it is cut, without its secret', (text, secret) => {
  const bytes = Buffer.from(text);
  const whole = throughStream(redactor, [bytes]);
  expect(whole).toContain('[REDACTED');
  expect(whole).not.toContain(Buffer.from(secret).toString('latin1'));
  expect(throughStream(redactor, cutAt(bytes, ...bytes.keys()))).toBe(whole);
  for (let first = 0; first <= bytes.length; first++) {
    expect(throughStream(redactor, cutAt(bytes, first))).toBe(whole);
    if (bytes.length > 120) continue;
    for (let second = first; second <= bytes.length; second++) {
      const output = throughStream(redactor, cutAt(bytes, first, second));
      if (output !== whole) expect(output).toBe(whole);
    }
  }
});

test('random texts come out the same in random pieces', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = createSeededRandom(seed);
    const bytes = randomText(random);
    const whole = throughStream(redactor, [bytes]);
    for (let round = 0; round < 10; round++) {
      const output = throughStream(redactor, randomPieces(random, bytes));
      if (output !== whole) expect({ seed, output }).toEqual({ seed, output: whole });
    }
  }
});

test('counts do not depend on the pieces either', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = createSeededRandom(seed);
    const bytes = randomText(random);
    const matches = [[bytes], randomPieces(random, bytes), cutAt(bytes, ...bytes.keys())].map(
      (pieces) => {
        const stream = redactor.openStream();
        for (const piece of pieces) stream.push(piece);
        stream.flush();
        return stream.counts.matches;
      },
    );
    expect({ seed, matches: matches[1] }).toEqual({ seed, matches: matches[0] });
    expect({ seed, matches: matches[2] }).toEqual({ seed, matches: matches[0] });
  }
});

type Random = ReturnType<typeof createSeededRandom>;

/** Secrets, parts of secrets and what stands around them, in any order. */
function randomText(random: Random): Buffer {
  const pieces: Buffer[] = [];
  const count = random.integer(1, 12);
  for (let index = 0; index < count; index++) {
    const [text] = random.pick(leaks as [(typeof leaks)[0]]);
    const bytes = Buffer.from(text);
    const start = random.next() < 0.5 ? 0 : random.integer(0, bytes.length);
    const end = random.next() < 0.5 ? bytes.length : random.integer(start, bytes.length);
    const glue = random.pick([
      '',
      ' ',
      '\n',
      '"',
      '\\',
      '=',
      ': ',
      '\x1b[0m',
      '\xff\x00',
      'token: ',
    ]);
    pieces.push(bytes.subarray(start, end), Buffer.from(glue, 'latin1'));
  }
  return Buffer.concat(pieces);
}

function randomPieces(random: Random, bytes: Buffer): Buffer[] {
  const cuts = Array.from({ length: random.integer(1, 8) }, () => random.integer(0, bytes.length));
  return cutAt(bytes, ...cuts.sort((a, b) => a - b));
}
