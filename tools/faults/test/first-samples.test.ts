import { firstParts } from './halves.js';
import { testSamples } from './sample-of-parts.js';

testSamples(firstParts);
