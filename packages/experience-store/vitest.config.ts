import { mergeConfig } from 'vitest/config';

import { testConfig } from '../../vitest.base.js';

/** No test changes what another one imports: loading it once per worker is enough. */
export default mergeConfig(testConfig, { test: { isolate: false } });
