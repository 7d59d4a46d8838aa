import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createRedactor } from '../src/index.js';
import {
  cutAt,
  enforcing,
  leaks,
  letters,
  multiLine,
  pem,
  periodic,
  quoteful,
  throughStream,
  value,
} from './samples.js';

test('a chunk without a secret is handed on, not copied', () => {
  const chunk = Buffer.from('nothing in it at all\n'.repeat(1000));
  expect(enforcing().openStream().push(chunk)).toBe(chunk);
});

test('a complete line never waits', () => {
  const redactor = enforcing();
  for (const [text] of leaks) {
    if (text.includes('PRIVATE KEY') || text.includes('ab1')) continue;
    for (const line of text.split(/(?<=\n)/)) {
      const stream = redactor.openStream();
      stream.push(Buffer.from(`${line.trimEnd()}\n`));
      expect(stream.flush().toString()).toBe('');
    }
  }
});

test('what can only be the start of something waits, and no more than that', () => {
  const stream = enforcing().openStream();
  expect(stream.push(Buffer.from(`say ${value.slice(0, 5)}`)).toString()).toBe('say ');
  expect(stream.push(Buffer.from('! pass')).toString()).toBe(`${value.slice(0, 5)}! `);
  expect(stream.push(Buffer.from('word: ')).toString()).toBe('password: ');
  expect(stream.push(Buffer.from('abc')).toString()).toBe('');
  expect(stream.push(Buffer.from('def')).toString()).toBe('[REDACTED]');
  expect(stream.push(Buffer.from('ghi and!')).toString()).toBe(' and!');
});

test('a caller may use its buffer again', () => {
  const stream = enforcing().openStream();
  const chunk = Buffer.from(value.slice(0, 8));
  stream.push(chunk);
  chunk.fill('x');
  expect(stream.push(Buffer.from(value.slice(8))).toString() + stream.flush().toString()).toBe(
    '[REDACTED]',
  );
});

test.each([value, periodic, quoteful, 'aaaaaaa', 'abcXabc', ...multiLine.split('\n')])(
  'the halves of %j on two streams make no whole in the order of arrival',
  (secret) => {
    const redactor = enforcing({ values: [secret] });
    const bytes = Buffer.from(secret);
    if (bytes.length < 6) return;
    for (let cut = 0; cut <= bytes.length; cut++) {
      for (const flushesFirstFirst of [true, false]) {
        const [first, second] = [redactor.openStream(), redactor.openStream()];
        const log = [first.push(bytes.subarray(0, cut)), second.push(bytes.subarray(cut))];
        const order = flushesFirstFirst ? [first, second] : [second, first];
        log.push(...order.map((stream) => stream.flush()));
        expect(Buffer.concat(log).includes(bytes), `cut at ${cut}`).toBe(false);
      }
    }
  },
);

test.each([
  ['password=', 'Q1w2E3r4T5y6U7i8O9p0'],
  ['api_key: "', 'Q1w2E3r4T5y6U7i8O9p0"'],
  ['{"token":"', 'Q1w2E3r4T5y6U7i8O9p0"}'],
  ['authorization: Bearer ', 'Q1w2E3r4T5y6U7i8O9p0'],
])('an assignment that two streams print together is no whole at any cut: %s', (start, rest) => {
  const text = Buffer.from(`${start}${rest}`);
  for (let cut = 0; cut <= text.length; cut++) {
    const redactor = createRedactor();
    const stdout = redactor.openStream();
    const stderr = redactor.openStream(stdout);
    for (const [first, second] of [
      [stdout, stderr],
      [stderr, stdout],
    ] as const) {
      const log = [first.push(text.subarray(0, cut)), second.push(text.subarray(cut))];
      log.push(first.push(Buffer.from('\n')), second.push(Buffer.from('\n')));
      const shown = Buffer.concat(log).toString();
      // Before its keyword is whole a value is none, and neither does the log then hold the two together.
      const hidden = cut < start.length ? text.toString() : 'Q1w2E3r4T5y6U7i8O9p0';
      expect(shown, `cut at ${cut}`).not.toContain(hidden);
    }
  }
});

test('a prompt on one stream takes one word out of the other, not one out of every line', () => {
  const redactor = createRedactor();
  const stdout = redactor.openStream();
  const stderr = redactor.openStream(stdout);
  expect(stdout.push(Buffer.from('Password: ')).toString()).toBe('Password: ');
  expect(stderr.push(Buffer.from('compiling one\n')).toString()).toBe('[REDACTED] one\n');
  expect(stderr.push(Buffer.from('compiling two\n')).toString()).toBe('compiling two\n');
});

test('a private key that two streams print together shows in neither', () => {
  const text = `${pem()}\n`;
  const headerEnd = text.indexOf('\n');
  for (let cut = headerEnd; cut <= text.length; cut += 7) {
    const redactor = createRedactor();
    const stdout = redactor.openStream();
    const stderr = redactor.openStream(stdout);
    const pieces = [stdout.push(Buffer.from(text.slice(0, cut)))];
    pieces.push(stderr.push(Buffer.from(text.slice(cut))), stdout.flush(), stderr.flush());
    const shown = Buffer.concat(pieces).toString();
    const body = pem().split('\n').slice(1, -1);
    for (const line of body) expect(shown, `cut at ${cut}`).not.toContain(line);
    expect(stderr.push(Buffer.from('plain\n')).toString()).toBe('plain\n');
  }
});

test('overlapping and adjacent secrets leave nothing of each other', () => {
  const redactor = createRedactor({ values: ['abcdefgh', 'efghijkl', 'value with blanks'] });
  expect(redactor.text('abcdefghijkl')).toBe('[REDACTED]');
  expect(redactor.text('abcdefghefghijkl')).toBe('[REDACTED][REDACTED]');
  expect(redactor.text('token=value with blanks, ok')).toBe('token=[REDACTED], ok');
});

test('a private key within an assignment goes to its end, and counts as blocked', () => {
  const stream = createRedactor().openStream();
  const text = `x\nSECRET="${pem()}"\ny\n`;
  const output = cutAt(Buffer.from(text), 20, 60, text.length - 2).map((piece) =>
    stream.push(piece).toString(),
  );
  expect(output.join('')).toBe('x\nSECRET="[REDACTED PRIVATE KEY]"\ny\n');
  expect(stream.counts).toEqual({
    frames: 4,
    redactedFrames: 0,
    blockedFrames: 2,
    matches: { assignment: 1, 'private-key': 1 },
  });
});

test('a private key without an end takes 64 KiB, and what looks like a key after it', () => {
  const body = `${letters.slice(0, 63)}\n`.repeat(2000);
  const text = `${pem().split('\n')[0] ?? ''}\n${body}plain text again\n`;
  for (const pieces of [[Buffer.from(text)], cutAt(Buffer.from(text), 65_000, 65_600, 70_000)]) {
    expect(throughStream(createRedactor(), pieces)).toBe('[REDACTED PRIVATE KEY] text again\n');
  }
});

test('shadow mode changes nothing, holds nothing back, and counts the same', () => {
  const random = createSeededRandom(7);
  for (const [text] of leaks) {
    const bytes = Buffer.from(text);
    const pieces = cutAt(bytes, random.integer(0, bytes.length));
    const [shadow, enforce] = [enforcing({ mode: 'shadow' }), enforcing()].map((redactor) =>
      redactor.openStream(),
    );
    for (const piece of pieces) {
      if (piece.length > 0) expect(shadow?.push(piece)).toBe(piece);
      enforce?.push(piece);
    }
    expect(shadow?.flush().length).toBe(0);
    enforce?.flush();
    expect(shadow?.counts).toEqual(enforce?.counts);
  }
});

test('a frame counts once, and an empty one does not', () => {
  const stream = enforcing().openStream();
  for (const text of ['', 'one\n', `${value} token=abcdef`, 'ghi', ' on\n']) {
    stream.push(Buffer.from(text));
  }
  const { frames, redactedFrames, blockedFrames, matches } = stream.counts;
  expect({ frames, redactedFrames, blockedFrames }).toEqual({
    frames: 4,
    redactedFrames: 3,
    blockedFrames: 0,
  });
  expect(matches).toEqual({ 'known-value': 1, assignment: 1 });
});

test('a secret without an end costs no memory', () => {
  const stream = enforcing().openStream();
  const chunk = Buffer.alloc(1 << 20, 'x');
  stream.push(Buffer.from('password='));
  expect(stream.push(chunk).toString()).toBe('[REDACTED]');
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 256; count++) expect(stream.push(chunk).length).toBe(0);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 << 20);
  expect(stream.push(Buffer.from(' end\n')).toString()).toBe(' end\n');
});
