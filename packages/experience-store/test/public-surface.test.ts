import { expect, test } from 'vitest';

import * as experienceStore from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(experienceStore).sort()).toMatchInlineSnapshot(`
    [
      "ExperienceError",
      "audit",
      "boilerplateOf",
      "checkInstructions",
      "checkPacks",
      "collect",
      "costOf",
      "createExperienceLayout",
      "decayOf",
      "describePolicy",
      "describeSelection",
      "earlierRuns",
      "estimateTokens",
      "experienceInputSchema",
      "experienceRecordSchema",
      "explainSelection",
      "exportRecords",
      "findRecord",
      "forget",
      "gateRules",
      "importRecords",
      "inspectIndex",
      "instructionPaths",
      "judgeLesson",
      "listRecords",
      "loadInstructions",
      "loadPacks",
      "openExperienceStore",
      "packsFolder",
      "quoteName",
      "quoteText",
      "readInstructions",
      "renderExperience",
      "renderInjection",
      "rewardOf",
      "scoreOf",
      "selectExperiences",
      "signatureOf",
      "similarityOf",
      "sourceOf",
      "stampInstructions",
      "stampPacks",
      "usefulnessOf",
      "withoutBoilerplate",
    ]
  `);
});
