'use strict';
// Counts what a Node program does, from inside it: `node --require count-process.cjs program`. Plain
// CommonJS, because nothing else can be loaded before the program, and because what counts must not be
// built by what is counted.
//
// BENCH_COUNT_FILE is where the counts are written when the process exits; BENCH_COUNT_ROOT is the folder
// whose files are counted: the program itself lies elsewhere, or loading it would count. Both are taken out
// of the environment at once: neither children nor threads of the program count.

const { isMainThread } = require('node:worker_threads');

const { BENCH_COUNT_FILE: countFile, BENCH_COUNT_ROOT: countRoot } = process.env;
delete process.env.BENCH_COUNT_FILE;
delete process.env.BENCH_COUNT_ROOT;

if (isMainThread && countFile && countRoot) {
  // A program that starts itself again hands its own options on.
  const at = process.execArgv.indexOf(__filename);
  if (at > 0) process.execArgv.splice(at - 1, 2);
  const { createFileLedger } = require('./file-ledger.cjs');
  const ledger = createFileLedger(countRoot);
  const programs = require('./count-programs.cjs').countPrograms();
  const report = reporter(require('node:fs'));
  require('./count-files.cjs').countFiles(ledger);
  require('node:module').syncBuiltinESMExports();
  programs.begin();
  process.on('exit', () => report(countFile, ledger, programs));
}

/** Made before anything is patched, so that the report is no part of what it says. */
function reporter({ writeFileSync, readFileSync }) {
  const peakBytes = () => {
    try {
      const found = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
      return found === null ? undefined : Number(found[1]) * 1024;
    } catch {
      return undefined;
    }
  };
  return (path, ledger, programs) => {
    const { user, system } = process.cpuUsage();
    const report = {
      cpuMs: (user + system) / 1000,
      peakBytes: peakBytes(),
      counts: { ...ledger.counts, ...programs.counts() },
      byFile: ledger.byFile(),
    };
    ledger.pause(() => writeFileSync(path, JSON.stringify(report)));
  };
}
