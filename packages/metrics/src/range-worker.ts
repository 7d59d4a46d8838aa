/**
 * The program of the thread that counts the second half of a history: `UpdateOptions.worker` is the path
 * of this file, or of a bundle of it.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { countLater } from './update/parallel/count-later.js';
import type { LaterMessage, LaterRequest } from './update/parallel/later-half.js';

function post(message: LaterMessage, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

// Not awaited: a bundle can be CommonJS. What is thrown ends the thread with an error.
void countLater(workerData as LaterRequest, ({ bytesDone, lines }) => {
  post({ kind: 'progress', bytesDone, lines });
}).then((later) => {
  post({ kind: 'counted', later }, [later.slots.buffer]);
});
