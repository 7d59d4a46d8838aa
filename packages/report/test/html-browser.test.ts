import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { createRig } from '@codex-orchestrator/testing';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { renderComparisonPage, renderRunPage, runPageView } from '../src/html/index.js';
import { findPageFaults } from './support/find-page-faults.js';
import { sampleBench } from './support/sample-bench.js';
import { sampleComparison } from './support/sample-comparison.js';
import { begun, iterationFacts, writeLoopRun } from './support/sample-loop.js';
import { sampleRun } from './support/sample-run.js';

const executablePath = findBrowser();
const isWanted = process.env['SLOW_TESTS'] === '1';
const reason = isWanted ? 'no browser: set CHROMIUM_PATH' : 'set SLOW_TESTS=1 to run them';

const pages = [
  ['run', () => renderRunPage(sampleRun())],
  ['comparison', () => renderComparisonPage(sampleComparison())],
  ['bench', () => sampleBench()],
  ['run with a loop', loopPage],
] as const;
const views = [
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const;

if (!isWanted || executablePath === undefined) {
  test.skip(`pages in a real browser (${reason})`, () => undefined);
} else {
  describe('in a real browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      // Chromium refuses its own sandbox to the superuser, as whom containers often run.
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });
    afterAll(() => browser.close());

    for (const [name, render] of pages) {
      test.each(views)(
        `the page of a ${name} can be read at $width, $colorScheme`,
        async (view) => {
          await using rig = await createRig();
          await rig.write({ 'page.html': await render() });
          const { page, faults } = await openPage(browser, rig.path('page.html'), view);
          expect(await page.evaluate(findPageFaults)).toEqual([]);
          expect(faults).toEqual([]);
          await page.close();
        },
      );

      test(`the page of a ${name} can be printed`, async () => {
        await using rig = await createRig();
        await rig.write({ 'page.html': await render() });
        // As wide as a sheet of A4 is between its margins.
        const view = { width: 690, colorScheme: 'dark' } as const;
        const { page, faults } = await openPage(browser, rig.path('page.html'), view);
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        expect(await page.evaluate(findPageFaults)).toEqual([]);
        expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
          'rgb(255, 255, 255)',
        );
        const pdf = await page.pdf({ format: 'A4' });
        expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
        expect(faults).toEqual([]);
        await page.close();
      });
    }
  });
}

/** The run of a loop of three iterations, with what makes rows long. */
async function loopPage(): Promise<string> {
  await using rig = await createRig();
  const long = { summary: 'what it did '.repeat(20), tampered: ['packages/app/package.json'] };
  const facts = [1, 2, 3].map((n) => iterationFacts(n, n === 2 ? long : {}));
  const { manifest, events } = await writeLoopRun(rig.root, [begun(), ...facts], {});
  const { loops } = runPageView({ manifest, verification: null, journal: events, generatedAt: '' });
  const run = sampleRun();
  const stages = run.stages.map((stage) =>
    stage.id === 'lint' ? { ...stage, id: 'mend' } : stage,
  );
  const [loop] = loops;
  if (!loop) throw new Error('the run has no loop');
  const iterations = loop.iterations.map((iteration, at) => ({
    ...iteration,
    startedAt: new Date(Date.parse(run.startedAt) + 15_000 + at * 19_000).toISOString(),
    endedAt: new Date(Date.parse(run.startedAt) + 34_000 + at * 19_000).toISOString(),
  }));
  return renderRunPage({ ...run, stages, loops: [{ ...loop, iterations }] });
}

interface View {
  readonly width: number;
  readonly colorScheme: 'dark' | 'light';
}

/** Opens a file; what the console says and what is asked of a network ends up in `faults`. */
async function openPage(
  browser: Browser,
  path: string,
  { width, colorScheme }: View,
): Promise<{ page: Page; faults: string[] }> {
  const faults: string[] = [];
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== `file://${path}`) faults.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${path}`);
  return { page, faults };
}

function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...(named === undefined ? [] : [named]), ...found].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
