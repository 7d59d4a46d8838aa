export { createDatasets } from './data/datasets.js';
export { historyChunks } from './data/history-chunks.js';
export { historyEntry, historyLine, historyLineVersion } from './data/history-line.js';
export { words } from './data/words.js';

export type * from './guard/guard.js';
