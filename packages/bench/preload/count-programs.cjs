'use strict';

const childProcess = require('node:child_process');
const Module = require('node:module');
const { statSync } = require('node:fs');
const { promisify } = require('node:util');

const starters = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'];

/**
 * Counts the processes that a program starts, the files of program text that it loads and the built-in
 * modules that it asks for, each once. Counting begins with `begin`.
 */
exports.countPrograms = function countPrograms() {
  const modules = new Set();
  const builtins = new Set();
  let spawns = 0;
  let depth = 0;
  let begun = false;

  const starting = (start) =>
    function counted(...values) {
      // `exec` starts its program through `execFile`, and that through `spawn`.
      if (begun && depth === 0) spawns += 1;
      depth += 1;
      try {
        return start.apply(this, values);
      } finally {
        depth -= 1;
      }
    };
  for (const name of starters) {
    const original = childProcess[name];
    const counted = starting(original);
    const promised = original[promisify.custom];
    if (promised !== undefined) counted[promisify.custom] = starting(promised);
    childProcess[name] = counted;
  }

  const ask = (name) => {
    if (begun && Module.isBuiltin(name)) builtins.add(name.replace(/^node:/, ''));
  };
  const load = Module._load;
  Module._load = function counted(request, ...rest) {
    ask(request);
    return load.call(this, request, ...rest);
  };
  const loadFile = Module.prototype.load;
  Module.prototype.load = function counted(path) {
    if (begun) modules.add(path);
    return loadFile.call(this, path);
  };
  const { getBuiltinModule } = process;
  if (getBuiltinModule !== undefined) {
    process.getBuiltinModule = (name) => {
      ask(name);
      return getBuiltinModule(name);
    };
  }

  return {
    begin: () => (begun = true),
    counts: () => ({
      spawns,
      modulesLoaded: modules.size,
      programBytes: [...modules].reduce((bytes, path) => bytes + sizeOf(path), 0),
      builtinsLoaded: builtins.size,
    }),
  };
};

/** Of the file as it is at the end. One that is gone by then has none. */
function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
