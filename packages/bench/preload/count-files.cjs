'use strict';

const fs = require('node:fs');

/** Calls of which only that they were made is counted, each with a synchronous form. */
const plainCalls = [
  ...[
    'access',
    'exists',
    'chmod',
    'chown',
    'fchmod',
    'fchown',
    'fstat',
    'futimes',
    'lstat',
    'lutimes',
  ],
  ...['mkdir', 'mkdtemp', 'opendir', 'readdir', 'readlink', 'realpath', 'rmdir', 'stat', 'symlink'],
  ...['truncate', 'ftruncate', 'utimes'],
];

/** Calls of which one count is kept. */
const countedCalls = { fsync: 'fsyncs', fdatasync: 'fsyncs', unlink: 'unlinks', rm: 'unlinks' };

/** How many bytes came out of a call, or went into it. */
const moved = {
  read: ['reads', (result) => result],
  readv: ['reads', (result) => result],
  write: ['writes', (result) => result],
  writev: ['writes', (result) => result],
};

/**
 * Puts a counter before the calls of `node:fs` in all of their forms. Whole-file calls, such as
 * `readFileSync`, count as one open and one read or write: how node:fs divides them is its own affair, and
 * differs from version to version. A failed call counts as a call and as nothing else.
 *
 * @param {ReturnType<typeof import('./file-ledger.cjs').createFileLedger>} ledger
 */
exports.countFiles = function countFiles(ledger) {
  const effects = effectsOn(ledger);
  for (const [name, effect] of Object.entries(effects)) {
    countSync(ledger, `${name}Sync`, effect);
    // Made of calls that are counted themselves.
    if (name !== 'writeFile' && name !== 'appendFile') countCallback(ledger, name, effect);
    countPromise(ledger, name, effect);
  }
  countNative(ledger);
  countHandles(ledger, effects);
};

function effectsOn(ledger) {
  const effects = {};
  for (const name of plainCalls) effects[name] = () => {};
  for (const [name, count] of Object.entries(countedCalls)) {
    effects[name] = (path) => ledger.add(count, path, 0);
  }
  for (const [name, [count, bytesOf]] of Object.entries(moved)) {
    effects[name] = (path, result) => ledger.add(count, path, bytesOf(result));
  }
  effects.open = (path, result) => {
    ledger.add('opens', path, 0);
    if (typeof result === 'number') ledger.opened(result, path);
  };
  effects.close = (_path, _result, [descriptor]) => ledger.closed(descriptor);
  effects.rename = (path, _result, [, to]) => {
    ledger.add('renames', path, 0);
    ledger.moveWrites(path, ledger.pathOf(to) ?? String(to), { keep: false });
  };
  effects.link = (path, _result, [, to]) => {
    ledger.moveWrites(path, ledger.pathOf(to) ?? String(to), { keep: true });
  };
  effects.copyFile = (_path, _result, [from, to]) => {
    const target = ledger.pathOf(to);
    if (target === undefined) return;
    ledger.add('writes', target, fs.statSync.original(from).size);
  };
  effects.readFile = (path, result, [target]) => {
    if (typeof target !== 'number') ledger.add('opens', path, 0);
    ledger.add('reads', path, Buffer.byteLength(result));
  };
  const writeWhole = (path, _result, [target, content]) => {
    if (typeof target !== 'number') ledger.add('opens', path, 0);
    ledger.add('writes', path, Buffer.byteLength(content));
  };
  effects.writeFile = writeWhole;
  effects.appendFile = writeWhole;
  return effects;
}

/** What comes into the folder from outside counts as what happens within it does. */
function countedPath(ledger, name, [first, second]) {
  const path = ledger.pathOf(first);
  if (path !== undefined || !/^(?:rename|link|copyFile)/.test(name)) return path;
  return ledger.pathOf(second);
}

function countSync(ledger, name, effect) {
  const original = fs[name];
  if (typeof original !== 'function') return;
  const counted = function counted(...values) {
    const path = ledger.isPaused() ? undefined : countedPath(ledger, name, values);
    if (path === undefined) return original.apply(this, values);
    ledger.call();
    const result = ledger.pause(() => original.apply(this, values));
    effect(path, result, values);
    return result;
  };
  fs[name] = Object.assign(counted, original, { original });
}

function countCallback(ledger, name, effect) {
  const original = fs[name];
  if (typeof original !== 'function') return;
  const counted = function counted(...values) {
    const path = ledger.isPaused() ? undefined : countedPath(ledger, name, values);
    const done = values.at(-1);
    if (path === undefined || typeof done !== 'function') return original.apply(this, values);
    ledger.call();
    values[values.length - 1] = function finished(error, result, ...rest) {
      if (!error) effect(path, result, values);
      return done.call(this, error, result, ...rest);
    };
    return original.apply(this, values);
  };
  fs[name] = Object.assign(counted, original, { original });
  for (const key of Object.getOwnPropertySymbols(original)) {
    Object.defineProperty(counted, key, Object.getOwnPropertyDescriptor(original, key));
  }
}

function countPromise(ledger, name, effect) {
  const original = fs.promises[name];
  if (typeof original !== 'function') return;
  fs.promises[name] = async function counted(...values) {
    const path = countedPath(ledger, name, values);
    if (path !== undefined) ledger.call();
    const result = await original.apply(this, values);
    if (path !== undefined) effect(path, result, values);
    return result;
  };
}

/** `realpath.native` is a function of its own. */
function countNative(ledger) {
  const original = fs.realpathSync.native;
  fs.realpathSync.native = (...values) => {
    if (!ledger.isPaused() && ledger.pathOf(values[0]) !== undefined) ledger.call();
    return original(...values);
  };
}

const handleCalls = {
  read: ['read', ({ bytesRead }) => bytesRead],
  readv: ['read', ({ bytesRead }) => bytesRead],
  write: ['write', ({ bytesWritten }) => bytesWritten],
  writev: ['write', ({ bytesWritten }) => bytesWritten],
  sync: ['fsync', () => 0],
  datasync: ['fsync', () => 0],
  truncate: ['ftruncate', () => 0],
  stat: ['fstat', () => 0],
  readFile: ['read', (result) => Buffer.byteLength(result)],
  writeFile: ['write', (_result, [content]) => Buffer.byteLength(content)],
  appendFile: ['write', (_result, [content]) => Buffer.byteLength(content)],
};

/** What is done through the handle that `promises.open` resolves to. */
function countHandles(ledger, effects) {
  const { open } = fs.promises;
  fs.promises.open = async function counted(...values) {
    const handle = await open.apply(this, values);
    const path = ledger.pathOf(values[0]);
    if (path === undefined) return handle;
    for (const [name, [effect, bytesOf]] of Object.entries(handleCalls)) {
      const original = handle[name];
      handle[name] = async (...given) => {
        ledger.call();
        const result = await original.apply(handle, given);
        effects[effect](path, bytesOf(result, given), given);
        return result;
      };
    }
    return handle;
  };
}
