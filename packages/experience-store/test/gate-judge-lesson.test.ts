import { expect, test } from 'vitest';

import { boilerplateOf, withoutBoilerplate } from '../src/gate/boilerplate.js';
import { gateRules, judgeLesson } from '../src/gate/judge-lesson.js';
import { countWords } from '../src/gate/words.js';

import type { GateRuleName, LessonContext } from '../src/gate/judge-lesson.js';

const context: LessonContext = {
  runId: '2026-11-21T07-05-40-406Z-041fc697',
  manifestPath: '.runs/ex1/cli/2026-11-21T07-05-40-406Z-041fc697/manifest.json',
};
const lesson = 'Retrying the upload helps only after the session token was renewed.';

const LESSONS = [
  lesson,
  'Heartbeat files older than 60 s mean that the worker died; check before stealing its lock.',
  'The command completed with code 0 although the migration had failed: read its last line.',
  'Tests 12 and 13 share a port, so run them one after the other.',
  'npm ci fails on Node 20 when the lock file was written by npm 11.',
  'Coverage below 80% fails the gate, so add the branch tests first.',
  'Done is not enough: the spec guard wants a link to the ticket.',
  'Waiting for the socket to close took 30 s; set keepAlive to false in tests.',
  'Pipeline stages that print JSON must not print anything else on stdout.',
  'src/lock.ts needs the owner id before it may be released.',
  '迁移失败后必须先恢复备份再重试',
  'You must run the formatter before the spec guard, else it reports drift.',
  '✓ marks in snapshots depend on the locale, so set LANG=C in CI.',
  'hello | Command completed with code 0 | The port is taken when two runs start at once.',
];

test('lessons pass, also those that speak of what boilerplate is made of', () => {
  for (const text of LESSONS) expect(judgeLesson(text, context), text).toEqual({ ok: true });
});

const JUNK: Partial<Record<GateRuleName, string[]>> = {
  acknowledgement: [
    'ok',
    'Done.',
    'OK, done!',
    'All tests passed.',
    'Task completed successfully',
    'hello | done',
    'No issues found',
    'nothing to commit',
  ],
  'bare-value': [
    '42',
    '3.14 2.71 1.41 1.73',
    '12 345 67 ms',
    '1e9 / 7',
    'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
    'out/ex1/experiences.jsonl',
    'https://example.com/a?b=c',
    '---',
  ],
  'exit-status': [
    'Command completed with code 0',
    'Command completed with code 0 | Command completed with code 0',
    'The process exited with code 1.',
    'Stage "build" finished with status ok',
    'exit code: 137',
    'terminated by signal SIGKILL',
  ],
  heartbeat: [
    'heartbeat',
    'Heartbeat #1289 2026-11-21T07:05:40.406Z',
    '[07:05:40] heartbeat ok',
    'still running (elapsed 30s)',
    'Still working...',
    'thinking…',
    'ping',
    'waiting for 12s',
  ],
  'machine-output': [
    '{"type":"turn.completed","usage":{"input_tokens":120,"output_tokens":7}}',
    '[{"id":1},{"id":2}]',
    '["a"]\n{"a":"b"}',
    '2026-11-21T07:05:40.406Z INFO server started',
    '[2026-11-21 07:05:40,406] DEBUG poll',
  ],
  progress: [
    '[=====>      ] 45%',
    '[#####-----] 12/24',
    'Downloading chromium 45%',
    '████████░░░░ 66% done',
    '⠋ Installing dependencies',
    'Transforming 340/512 modules',
    '100%',
  ],
  prompt: [
    'You are a senior engineer who reviews pull requests.',
    'Your task is to fix the failing test and to commit.',
    '## Instructions\n## Task: repair it',
    'Respond only with JSON that matches the schema.',
  ],
  'tool-noise': [
    'npm warn deprecated inflight@1.0.6: This module is not supported',
    'added 120 packages, and audited 121 packages in 3s',
    'Tests  12 passed (12)',
    'Test Files  3 passed (3)\nTests  12 passed (12)\nDuration  1.2s (transform 80ms, setup 0ms)',
    '> experience-store@0.1.0 test',
    '✓ test/layout.test.ts (3 tests) 12ms',
    'found 0 vulnerabilities',
  ],
  wrapper: [
    'Runtime fallback (codex-command-unavailable): Appserver preflight failed (codex-command-unavailable). Could not resolve the Codex CLI executable (codex) under the current runtime. | hello | Command completed with code 0',
    'Diagnostics pipeline succeeded. Manifest: .runs/ex1/cli/x/manifest.json Runner',
    'Run started: 2026-11-21T07-05-40-406Z-041fc697',
    'Manifest: .runs/ex1/cli/x/manifest.json',
  ],
  'too-short': ['Retry twice', 'hello 1', 'Retry twice | Command completed with code 0', ' \n '],
};

test('junk is refused by the rule that knows it', () => {
  for (const [rule, texts] of Object.entries(JUNK)) {
    for (const text of texts) {
      expect(judgeLesson(text, context), text).toMatchObject({ ok: false, rule });
    }
  }
});

test('a verdict says why without repeating the text', () => {
  for (const text of Object.values(JUNK).flat()) {
    const verdict = judgeLesson(text, context);
    if (verdict.ok) throw new Error(`passed: ${text}`);
    expect(verdict.reason).toBe(gateRules[verdict.rule]);
  }
});

test('a lesson cites its run and what leads back to it', () => {
  const rule = (members: Partial<LessonContext>): unknown => {
    const verdict = judgeLesson(lesson, { ...context, ...members });
    return verdict.ok ? 'ok' : verdict.rule;
  };
  const sha256 = 'ab'.repeat(32);
  expect(rule({ runId: ' ' })).toBe('run-missing');
  expect(rule({ manifestPath: null })).toBe('evidence-missing');
  expect(rule({ manifestPath: undefined, evidence: null })).toBe('evidence-missing');
  expect(rule({ manifestPath: ' ', evidence: { path: 'm.json', sha256: 'ab' } })).toBe(
    'evidence-missing',
  );
  expect(rule({ manifestPath: null, evidence: { path: ' ', sha256 } })).toBe('evidence-missing');
  expect(rule({ manifestPath: null, evidence: { path: 'm.json', sha256 } })).toBe('ok');
});

test('length is limited in words and in characters', () => {
  const rule = (text: string, limits: LessonContext['limits']): unknown => {
    const verdict = judgeLesson(text, { ...context, limits });
    return verdict.ok ? 'ok' : verdict.rule;
  };
  const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');
  expect(rule(words(4), undefined)).toBe('ok');
  expect(rule(words(3), undefined)).toBe('too-short');
  expect(rule(words(3), { minWords: 3 })).toBe('ok');
  expect(rule(words(256), undefined)).toBe('ok');
  expect(rule(words(257), undefined)).toBe('too-long');
  expect(rule(words(5), { maxWords: 4 })).toBe('too-long');
  expect(rule(`${words(5)} ${'x'.repeat(4096)}`, undefined)).toBe('too-long');
  expect(rule(words(5), { maxCharacters: 24 })).toBe('ok');
  expect(rule(words(5), { maxCharacters: 23 })).toBe('too-long');
});

test('what the run was told is no lesson of it', () => {
  const prompts = ['Fix the flaky upload test.\nRetry only when the token was renewed, please!'];
  const rule = (text: string): unknown => {
    const verdict = judgeLesson(text, { ...context, prompts });
    return verdict.ok ? 'ok' : verdict.rule;
  };
  expect(rule('retry only WHEN the token was renewed')).toBe('echoed-prompt');
  expect(rule(`Sure: ${String(prompts[0])}`)).toBe('echoed-prompt');
  expect(rule(lesson)).toBe('ok');
  const quoting = `"${String(prompts[0])}" is too vague: name the file, and the error that it raises first.`;
  expect(rule(quoting)).toBe('ok');
});

test('secrets and what is known already are refused by what the caller knows', () => {
  const hasSecret = (text: string): boolean => text.includes('sk-live');
  expect(judgeLesson(`${lesson} sk-live-1`, { ...context, hasSecret })).toMatchObject({
    rule: 'secret',
  });
  expect(judgeLesson(lesson, { ...context, hasSecret })).toEqual({ ok: true });
  expect(judgeLesson(lesson, { ...context, similarity: 0.85 })).toMatchObject({
    rule: 'known-already',
  });
  expect(judgeLesson(lesson, { ...context, similarity: () => 0.84 })).toEqual({ ok: true });
  const limits = { knownSimilarity: 0.5 };
  expect(judgeLesson(lesson, { ...context, limits, similarity: () => 0.6 })).toMatchObject({
    rule: 'known-already',
  });
});

test('boilerplate is taken out of a text that has more', () => {
  const text = `hello | Command completed with code 0 | ${lesson}\nDone.\n\n45%\nKeep it small | ok`;
  expect(withoutBoilerplate(text)).toBe(`${lesson}\nKeep it small`);
  expect(boilerplateOf(text)).toBeUndefined();
  expect(withoutBoilerplate('ok\ndone')).toBe('');
  expect(boilerplateOf('ok\n45%')).toBe('acknowledgement');
  expect(boilerplateOf(' \n')).toBeUndefined();
});

test('numbers are no words, and scripts without spaces have words', () => {
  expect(countWords('take 3 of 10, then `npm ci`')).toBe(5);
  expect(countWords('重试三次')).toBe(2);
  expect(countWords('')).toBe(0);
});

test('no text of the longest length takes long to judge', () => {
  const pieces = [
    'ok ',
    'ok',
    '1 ',
    '. ',
    '[',
    '=',
    '[=',
    'no ',
    '1:',
    'a/',
    '| ',
    '\n',
    'tests 1 ',
    '{"',
  ];
  for (const piece of pieces) {
    const text = `${piece.repeat(4096 / piece.length - 1)}!x`;
    const start = process.cpuUsage();
    judgeLesson(text, context);
    boilerplateOf(`ping ${piece.repeat(20_000)}!x`);
    boilerplateOf(`${piece.repeat(20_000)}!x`);
    expect(process.cpuUsage(start).user / 1000, piece).toBeLessThan(150);
  }
});
