import { expect, test } from 'vitest';

import * as surface from '../src/index.js';

test('the package exports these values', () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "PipelineError",
      "configFileName",
      "configJsonSchema",
      "describePlan",
      "formatProblem",
      "loadConfig",
      "loopHistoryOf",
      "parseConfig",
      "planCommand",
      "planPipeline",
      "recoverRun",
      "resumePipeline",
      "runPipeline",
    ]
  `);
});
