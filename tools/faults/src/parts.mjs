import { everyByte } from './parts/every-byte.mjs';
import { randomKills } from './parts/random-kills.mjs';
import { together } from './parts/together.mjs';
import { killMatrix } from './parts/kill-matrix.mjs';
import { selfCheck } from './parts/self-check.mjs';

/** @type {readonly import('./run-parts.mjs').Part[]} */
export const parts = [selfCheck, killMatrix, everyByte, together, randomKills];
