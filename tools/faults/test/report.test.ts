import { expect, test } from 'vitest';

import { Report } from '../src/report.mjs';
import { mergeResults, renderTable } from '../src/write-results.mjs';

async function reportOfThree(): Promise<{ report: Report; lines: string[] }> {
  const lines: string[] = [];
  const report = new Report('part', (line) => lines.push(line));
  await report.check('all is well', (tally) => {
    tally.add('one', []);
    tally.note('a figure');
    return Promise.resolve();
  });
  await report.check('something is wrong', (tally) => {
    tally.add('one', []);
    tally.add('two', ['it | is gone']);
    return Promise.resolve();
  });
  report.skip('nothing is tried', 'no tool');
  return { report, lines };
}

test('a check counts its cases, and says which of them are lost', async () => {
  const { report, lines } = await reportOfThree();
  expect(report.results.map(({ tried, lost }) => [tried, lost])).toStrictEqual([
    [1, 0],
    [2, 1],
    [0, 0],
  ]);
  expect(lines.join('\n').replaceAll(/\d\.\d s/g, 'N s')).toMatchInlineSnapshot(`
    "  held     all is well: 1 tried, 0 lost (N s)
                 a figure
      FAILED   something is wrong: 2 tried, 1 lost (N s)
                 two
                   - it | is gone
      skipped  nothing is tried: no tool"
  `);
});

test('a check that throws or tries nothing is lost', async () => {
  const report = new Report('part', () => undefined);
  await report.check('throws', () => Promise.reject(new Error('on purpose')));
  await report.check('tries nothing', () => Promise.resolve());
  expect(report.results.map(({ lost }) => lost)).toStrictEqual([1, 1]);
});

test('the table has a row for each check, and says why one was not tried', async () => {
  const { report } = await reportOfThree();
  expect(renderTable(report.results)).toMatchInlineSnapshot(`
    "| tried | times | lost | remarks |
    | --- | --- | --- | --- |
    | all is well | 1 | 0 | a figure |
    | something is wrong | 2 | 1 |  |
    | nothing is tried | 0 | 0 | not tried here: no tool |
    "
  `);
});

test('a part that was run again replaces what it found before, in the order of the parts', async () => {
  const { report } = await reportOfThree();
  const [first] = report.results;
  if (first === undefined) throw new Error('no result');
  const [old, other, now] = ['a', 'b', 'a'].map((part, index) => ({
    ...first,
    part,
    tried: index,
  }));
  if (!old || !other || !now) throw new Error('no result');
  expect(mergeResults([old, other], [now], ['a', 'b', 'c'])).toStrictEqual([now, other]);
});
