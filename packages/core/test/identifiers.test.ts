import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createRunId, parseRunId } from '../src/run-id.js';
import { checkIdentifier, maxIdentifierBytes } from '../src/safe-segment.js';
import { slugify } from '../src/slugify.js';
import { parseTaskId } from '../src/task-id.js';

test.each([
  ['0101'],
  ['a b'],
  [' leading space'],
  ['-leading-dash'],
  ['a..b'],
  ['~'],
  ['$x;'],
  ['čeština'],
  ['日本'],
  ['constant'],
  ['com10'],
  ['CONSOLE.txt'],
  ['a'.repeat(maxIdentifierBytes)],
])('%j is safe as a path segment and comes back unchanged', (text) => {
  expect(checkIdentifier(text)).toEqual({ ok: true, value: text });
});

test.each([
  ['', 'it is empty'],
  ['a\u0000b', 'it contains a control character'],
  ['a\nb', 'it contains a control character'],
  ['a\u007f', 'it contains a control character'],
  ['a\u009bb', 'it contains a control character'],
  ['a:b', 'it contains one of < > : " | ? *'],
  ['a?', 'it contains one of < > : " | ? *'],
  ['.', 'it starts with a dot'],
  ['..', 'it starts with a dot'],
  ['.hidden', 'it starts with a dot'],
  ['a/b', 'it contains a path separator'],
  ['a\\b', 'it contains a path separator'],
  ['a.', 'it ends with a dot or a space'],
  ['a ', 'it ends with a dot or a space'],
  ['CON', 'it is a device name on Windows'],
  ['con.txt', 'it is a device name on Windows'],
  ['Aux .tar.gz', 'it is a device name on Windows'],
  ['nul', 'it is a device name on Windows'],
  ['LPT9.log', 'it is a device name on Windows'],
  ['com¹', 'it is a device name on Windows'],
  ['CONIN$', 'it is a device name on Windows'],
  ['a\ud800b', 'it contains an unpaired surrogate'],
  ['e\u0301', 'it is not in Unicode normal form C'],
  ['a'.repeat(maxIdentifierBytes + 1), 'it is longer than 128 bytes'],
  ['é'.repeat(65), 'it is longer than 128 bytes'],
])('%j is refused: %s', (text, reason) => {
  expect(checkIdentifier(text)).toEqual({ ok: false, error: reason });
});

test.each([
  ['.:\u0001', 'it contains a control character'],
  ['.:', 'it contains one of < > : " | ? *'],
  ['../a', 'it starts with a dot'],
  ['a/b.', 'it contains a path separator'],
])('the first rule that %j breaks is the one named', (text, reason) => {
  expect(checkIdentifier(text)).toEqual({ ok: false, error: reason });
});

test('a task id comes back unchanged or is refused with the reason', () => {
  expect(parseTaskId('demo task')).toBe('demo task');
  expect(() => parseTaskId('../x')).toThrow(
    expect.objectContaining({
      code: 'INVALID_ID',
      message: 'Invalid task ID "../x": it starts with a dot',
    }),
  );
});

test('a run id holds the time and four random bytes, and is read back', () => {
  const clock = createManualClock();
  const random = { bytes: () => Uint8Array.of(0xc2, 0x85, 0xa3, 0x60) };
  const runId = createRunId({ clock, random });
  expect(runId).toBe('2026-01-06T06-53-37-814Z-c285a360');
  expect(parseRunId(runId)).toEqual({
    ok: true,
    value: { runId, startedAtMs: clock.nowMs(), suffix: 'c285a360' },
  });
});

test('run ids sort by time and are safe as path segments', async () => {
  const clock = createManualClock();
  const ids: string[] = [];
  for (const ms of [1, 999, 60_000, 86_400_000, 1]) {
    ids.push(createRunId({ clock }));
    await clock.advance(ms);
  }
  expect([...ids].sort()).toEqual(ids);
  expect(ids.every((id) => checkIdentifier(id).ok)).toBe(true);
});

test.each([
  ['latest'],
  [''],
  ['2026-01-06T06:53:37.814Z-c285a360'],
  ['2026-01-06T06-53-37-814Z-C285A360'],
  ['2026-01-06T06-53-37-814Z-c285a360\n'],
  ['x2026-01-06T06-53-37-814Z-c285a360'],
  ['2026-02-30T06-53-37-814Z-c285a360'],
  ['2026-13-01T06-53-37-814Z-c285a360'],
  ['2026-01-06T24-00-00-000Z-c285a360'],
])('%j is no run id', (text) => {
  expect(parseRunId(text).ok).toBe(false);
});

test.each([
  ['Run unit tests!', 'Run-unit-tests'],
  ['--lint--', 'lint'],
  ['a/../b', 'a-b'],
  ['čeština', 'e-tina'],
  ['日本', 'command'],
  ['', 'command'],
  ['x'.repeat(100), 'x'.repeat(80)],
  [`${'x'.repeat(79)} tail`, 'x'.repeat(79)],
])('the slug of %j is %j', (text, slug) => {
  expect(slugify(text)).toBe(slug);
});
