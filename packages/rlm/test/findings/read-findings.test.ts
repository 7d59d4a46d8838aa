import { describe, expect, test } from 'vitest';

import { findingsContract } from '../../src/prompt/findings-contract.js';
import { parseFindings, readFindings } from '../../src/findings/read-findings.js';
import { sampleFinding } from './sample-finding.js';

const fenced = (json: unknown, language = 'json') =>
  `Here is what I found.\n\n\`\`\`${language}\n${JSON.stringify(json, null, 2)}\n\`\`\`\nsummary: two hotspots`;

function valueOf(message: string, root?: string) {
  const result = readFindings(message, { root });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function reasonOf(message: string): string {
  const result = readFindings(message);
  return result.ok ? 'fine' : result.error;
}

test('a block of JSON in a message is read as it is', () => {
  const findings = [sampleFinding()];
  const read = valueOf(fenced({ version: 1, findings }));
  expect(read).toEqual({ version: 1, goal: null, generated_at: null, findings, notes: [] });
  const document = { ...read, notes: undefined };
  expect(parseFindings(JSON.parse(JSON.stringify(document)))).toEqual({
    ok: true,
    value: document,
  });
});

describe('where it stands', () => {
  const one = { findings: [sampleFinding({ title: 'one' })] };
  const two = { findings: [sampleFinding({ title: 'two' })] };
  test.each([
    ['the last block counts', `${fenced(one)}\n${fenced(two)}`, 'two'],
    ['that has findings', `${fenced(one)}\n${fenced({ port: 80 })}`, 'one'],
    ['the whole message', JSON.stringify(one), 'one'],
    ['a block without a language', fenced(one, ''), 'one'],
    ['a bare list', fenced(one.findings), 'one'],
    ['not in a block of another language', `${fenced(one)}\n${fenced(two, 'ts')}`, 'one'],
    ['in a list item', `- found:\n  ${fenced(one).replaceAll('\n', '\n  ')}`, 'one'],
  ])('%s', (_title, message, title) => {
    expect(valueOf(message).findings[0]?.title).toBe(title);
  });
});

test.each([
  ['no JSON at all', 'the message has no block of JSON'],
  ['```json\n{"findings": [\n```', 'its JSON cannot be parsed'],
  [fenced({ result: [] }), 'its JSON has no list of findings'],
  [fenced({ findings: [{ title: 'x' }] }), 'none of its findings can be used: Finding 1: left out'],
  [fenced({ findings: [sampleFinding({ evidence: [] })] }), 'it has no evidence'],
  [findingsContract, 'it is the example of the prompt'],
])('%j has none, and the reason is said', (message, reason) => {
  expect(reasonOf(message)).toContain(reason);
});

test('no findings is an answer', () => {
  expect(valueOf(fenced({ version: 1, findings: [] })).findings).toEqual([]);
});

test('what can be understood is taken', () => {
  const message = fenced({
    colour: 'blue',
    findings: [
      {
        title: ' Slow loop ',
        hotspot: './src\\a.ts:12-30',
        evidence: '340 ms of 400 ms',
        candidate_fixes: [
          'Use a map',
          { description: 'Sort once', files: 'src/a.ts', tests: 'npm test' },
        ],
        severity: 9,
      },
      {
        title: 'b',
        hotspot: { file: 'b.ts', lines: [3, 9], symbol: null },
        evidence: [7, null, 'x'],
      },
    ],
  });
  expect(valueOf(message).findings).toEqual([
    {
      id: 'src-a-ts-slow-loop',
      title: 'Slow loop',
      hotspot: { file: 'src/a.ts', lines: '12-30' },
      evidence: ['340 ms of 400 ms'],
      candidate_fixes: [
        { title: 'Use a map', description: '', files: [], tests: [] },
        { title: 'Sort once', description: 'Sort once', files: ['src/a.ts'], tests: ['npm test'] },
      ],
    },
    {
      id: 'b-ts-b',
      title: 'b',
      hotspot: { file: 'b.ts', lines: '3-9' },
      evidence: ['7', 'x'],
      candidate_fixes: [],
    },
  ]);
});

test.each([
  ['../x.ts', 'it leaves the root'],
  ['a/../../x.ts', 'it leaves the root'],
  ['..\\x.ts', 'it leaves the root'],
  ['/etc/passwd', 'it is absolute'],
  ['C:\\x.ts', 'it is absolute'],
  ['~/x.ts', 'it is absolute'],
  ['a\u0000b', 'it has control characters'],
  ['./', 'it names no file'],
  ['x/'.repeat(400), 'it is too long'],
])('a hotspot in %j is left out', (file, reason) => {
  const bad = sampleFinding({ hotspot: { file } });
  const read = valueOf(fenced({ findings: [sampleFinding(), bad] }));
  expect(read.findings).toHaveLength(1);
  expect(read.notes).toEqual([`Finding 2: left out, its file cannot be used: ${reason}.`]);
});

test('a file of a fix that leaves the root costs itself only', () => {
  const fix = {
    title: 't',
    description: 'd',
    files: ['../x', 'src/a/../b.ts', 'src/b.ts'],
    tests: [],
  };
  const read = valueOf(fenced({ findings: [sampleFinding({ candidate_fixes: [fix] })] }));
  expect(read.findings[0]?.candidate_fixes[0]?.files).toEqual(['src/b.ts']);
  expect(read.notes).toEqual(['Finding 1: a file of a fix is left out: it leaves the root.']);
});

test('absolute paths below a known root are made relative', () => {
  const message = fenced({ findings: [sampleFinding({ hotspot: { file: '/repo/src/a.ts:7' } })] });
  expect(valueOf(message, '/repo/').findings[0]?.hotspot).toEqual({ file: 'src/a.ts', lines: '7' });
  expect(readFindings(message, { root: '/rep' }).ok).toBe(false);
});

test('what is kept is bounded and can be read back, whatever was written', () => {
  const long = '🙂'.repeat(1200);
  const fix = {
    title: long,
    description: long,
    files: ['a', ...Array.from({ length: 30 }, (_, index) => `${index}.ts`)],
    tests: [long],
    risk: long,
  };
  const huge = sampleFinding({
    id: long,
    title: long,
    hotspot: { file: 'a.ts', symbol: long, lines: long },
    evidence: Array.from({ length: 14 }, () => long),
    impact: long,
    candidate_fixes: Array.from({ length: 9 }, () => fix),
  });
  const read = valueOf(JSON.stringify({ findings: Array.from({ length: 4 }, () => huge) }));
  expect(parseFindings(read).ok).toBe(true);
  expect(new Set(read.findings.map(({ id }) => id)).size).toBe(4);
  const many = Array.from({ length: 70 }, () => sampleFinding());
  const bounded = valueOf(JSON.stringify(many));
  expect(bounded.findings).toHaveLength(50);
  expect(bounded.notes).toEqual(['Of 70 findings 50 are kept.']);
});

test('a hostile message is read in no time', () => {
  for (const text of ['```json\n'.repeat(50_000), '{'.repeat(500_000), '`'.repeat(500_000)]) {
    expect(readFindings(text).ok).toBe(false);
  }
}, 5000);
