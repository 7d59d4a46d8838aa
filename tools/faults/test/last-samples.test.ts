import { lastParts } from './halves.js';
import { testSamples } from './sample-of-parts.js';

testSamples(lastParts);
