export type * from './guard/guard.js';
