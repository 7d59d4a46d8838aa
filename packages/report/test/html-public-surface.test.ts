import { expect, test } from 'vitest';

import * as html from '../src/html/index.js';

test('the subpath html exports these values and no others', () => {
  expect(Object.keys(html).sort()).toMatchInlineSnapshot(`
    [
      "criticalPath",
      "factList",
      "forestPlot",
      "formatBytes",
      "formatCount",
      "formatDuration",
      "formatQuantity",
      "formatRatio",
      "formatTime",
      "growthPlot",
      "html",
      "lineChart",
      "pairedRounds",
      "plainText",
      "renderComparisonPage",
      "renderPage",
      "renderRunPage",
      "runPageView",
      "section",
      "sentences",
      "shortPath",
      "shortText",
      "stripPlot",
      "table",
      "timelineChart",
      "trendCharts",
      "verdictBadge",
      "verdictPanel",
    ]
  `);
});
