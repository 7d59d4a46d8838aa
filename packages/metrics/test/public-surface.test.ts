import { expect, test } from 'vitest';

import * as metrics from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(metrics).sort()).toMatchInlineSnapshot(`
    [
      "MetricsError",
      "appendEntry",
      "buildDocuments",
      "checkHistory",
      "clearBaseline",
      "createMetricsLayout",
      "csvColumns",
      "csvHeader",
      "csvRow",
      "encodeEntry",
      "factsOf",
      "findEntry",
      "foldEntries",
      "metricsEntrySchema",
      "pruneHistory",
      "readAggregates",
      "readBaseline",
      "readEntries",
      "rebuildAggregates",
      "renderPrometheus",
      "rotateHistory",
      "setBaseline",
      "updateAggregates",
      "watchAggregates",
    ]
  `);
});
