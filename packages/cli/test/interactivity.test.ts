import { expect, test } from 'vitest';

import { decideInteractivity } from '../src/interactivity.js';

const terminal = { isTTY: true, columns: () => 80, write: () => undefined };
const pipe = { ...terminal, isTTY: false };

function decide(
  env: Record<string, string>,
  { stderr = terminal, wanted }: { stderr?: typeof terminal; wanted?: boolean } = {},
): string {
  const io = { env, stderr, stdin: { isTTY: stderr.isTTY } };
  const { progress, colors, unattended } = decideInteractivity(io, 'text', wanted);
  return [progress, ...(colors ? ['colors'] : []), ...(unattended ? ['unattended'] : [])].join(' ');
}

test('a terminal gets a live line and colours, a pipe plain lines', () => {
  expect(decide({})).toBe('live colors');
  expect(decide({}, { stderr: pipe })).toBe('plain unattended');
});

test.each([
  ['CI', '1'],
  ['CI', 'woodpecker'],
  ['CODEX_NON_INTERACTIVE', 'yes'],
  ['CODEX_NONINTERACTIVE', '1'],
  ['CODEX_NO_INTERACTIVE', 'true'],
])('%s=%s asks for plain lines and says so to the stages', (name, value) => {
  expect(decide({ [name]: value })).toBe('plain colors unattended');
});

test('a flag wins over the environment, in both directions', () => {
  expect(decide({ CI: '1' }, { wanted: true })).toBe('live colors');
  expect(decide({}, { wanted: false })).toBe('plain colors unattended');
});

test('no flag makes a terminal of a pipe or of a dumb terminal', () => {
  expect(decide({}, { stderr: pipe, wanted: true })).toBe('plain unattended');
  expect(decide({ TERM: 'dumb' }, { wanted: true })).toBe('plain');
});

test('NO_COLOR takes colours away, FORCE_COLOR adds them to a pipe, NO_COLOR wins', () => {
  expect(decide({ NO_COLOR: '1' })).toBe('live');
  expect(decide({ NO_COLOR: '' })).toBe('live colors');
  expect(decide({ FORCE_COLOR: '1' }, { stderr: pipe })).toBe('plain colors unattended');
  expect(decide({ FORCE_COLOR: '0' }, { stderr: pipe })).toBe('plain unattended');
  expect(decide({ FORCE_COLOR: '1', NO_COLOR: '1' }, { stderr: pipe })).toBe('plain unattended');
});

test('json and ndjson show no progress, so that stderr says only what somebody must read', () => {
  const io = { env: {}, stderr: terminal, stdin: { isTTY: true } };
  expect(decideInteractivity(io, 'json').progress).toBe('none');
  expect(decideInteractivity(io, 'ndjson').progress).toBe('none');
});
