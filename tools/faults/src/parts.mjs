import { clock } from './parts/clock.mjs';
import { everyByte } from './parts/every-byte.mjs';
import { everySyscall } from './parts/every-syscall.mjs';
import { fullDisk } from './parts/full-disk.mjs';
import { hostilePlaces } from './parts/hostile-places.mjs';
import { killMatrix } from './parts/kill-matrix.mjs';
import { output } from './parts/output.mjs';
import { randomKills } from './parts/random-kills.mjs';
import { secrets } from './parts/secrets.mjs';
import { selfCheck } from './parts/self-check.mjs';
import { together } from './parts/together.mjs';

/** @type {readonly import('./run-parts.mjs').Part[]} */
export const parts = [
  selfCheck,
  killMatrix,
  randomKills,
  everySyscall,
  everyByte,
  fullDisk,
  secrets,
  together,
  clock,
  hostilePlaces,
  output,
];
