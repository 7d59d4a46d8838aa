#!/usr/bin/env node
'use strict';
// Committed rather than built: npm links a bin only if its file exists when it installs, and a fresh
// clone is installed before it is built. It stays tiny so that `--version` costs what Node costs.

const { argv, stdout, stderr } = process;

if (argv.length === 3 && ['--version', '-v', 'version'].includes(argv[2])) {
  stdout.write(`${require('../package.json').version}\n`);
} else {
  start();
}

function start() {
  require('node:module').enableCompileCache?.();
  try {
    require('../dist/main.cjs');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes('main.cjs')) throw error;
    stderr.write('codex-orchestrator is not built yet: run `npm start` in its repository once\n');
    process.exitCode = 70;
  }
}
