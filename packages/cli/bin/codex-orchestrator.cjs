#!/usr/bin/env node
'use strict';
// Committed rather than built: npm links a bin only if its file exists when it installs, and a fresh
// clone is installed before it is built. It stays tiny so that `--version` costs what Node costs:
// `process.stdout` alone would add a third of that, so it writes to the descriptors.

const { writeSync } = require('node:fs');

const versionWords = ['--version', '-v', 'version'];

if (process.argv.length === 3 && versionWords.includes(process.argv[2])) {
  print(1, `${require('../package.json').version}\n`);
} else {
  start();
}

function start() {
  require('node:module').enableCompileCache?.();
  try {
    require('../dist/main.cjs');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes('main.cjs')) throw error;
    print(2, 'codex-orchestrator is not built yet: run `npm start` in its repository once\n');
    process.exitCode = 70;
  }
}

function print(descriptor, text) {
  try {
    writeSync(descriptor, text);
  } catch (error) {
    if (error.code !== 'EPIPE') throw error;
  }
}
