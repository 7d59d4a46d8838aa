import { onDiskTestConfig } from '../../vitest.base.js';

export default onDiskTestConfig;
