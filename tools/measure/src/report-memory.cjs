/**
 * Loaded into a program with `NODE_OPTIONS=--require`: writes its peak memory, in MB, into the file that
 * `MEASURE_MEMORY_FILE` names when the program exits. Only the first process of a tree does so.
 */
const { existsSync, readFileSync, writeFileSync } = require('node:fs');

const path = process.env.MEASURE_MEMORY_FILE;
delete process.env.MEASURE_MEMORY_FILE;
delete process.env.NODE_OPTIONS;
if (path) {
  process.on('exit', () => {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'));
    if (!existsSync(path)) writeFileSync(path, String(Number(peak?.[1]) / 1024));
  });
}
