import { expect, test } from 'vitest';

import * as surface from '../src/index.js';

test('the package exports these values', () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "PipelineError",
      "StageGraph",
      "closestName",
      "configFileName",
      "configJsonSchema",
      "createRunEnvironment",
      "createStageEnvironment",
      "describeDuration",
      "describeOutcome",
      "describePlan",
      "displayCommand",
      "formatProblem",
      "loadConfig",
      "parseConfig",
      "planCommand",
      "planItemId",
      "planPipeline",
      "runPipeline",
      "summariseCommand",
    ]
  `);
});
