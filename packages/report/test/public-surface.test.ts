import { expect, test } from 'vitest';

import * as report from '../src/index.js';
import * as statistics from '../src/statistics/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(report).sort()).toMatchInlineSnapshot(`
    [
      "ReportError",
      "compareSamples",
      "comparisonSchema",
      "evidenceSchema",
      "missingRuns",
      "parseEvidence",
      "parseSelector",
      "renderComparisonMarkdown",
      "renderComparisonText",
      "renderEvidenceMarkdown",
      "sampleOfEntry",
      "sampleOfRun",
      "selectSamples",
    ]
  `);
});

test('its statistics are these and no others', () => {
  expect(Object.keys(statistics).sort()).toMatchInlineSnapshot(`
    [
      "bootstrapInterval",
      "createRandom",
      "fitExponent",
      "median",
      "medianOfLogRatios",
      "pairedBounds",
      "quantile",
      "rankSum",
      "ratioOfMedians",
    ]
  `);
});
