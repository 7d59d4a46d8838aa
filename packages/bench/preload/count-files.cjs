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

/** Which counts a call belongs to besides `calls`, whether it succeeds or not. */
const countsOf = {
  open: ['opens'],
  close: [],
  read: ['reads'],
  readv: ['reads'],
  readFile: ['opens', 'reads'],
  write: ['writes'],
  writev: ['writes'],
  writeFile: ['opens', 'writes'],
  appendFile: ['opens', 'writes'],
  copyFile: ['writes'],
  fsync: ['fsyncs'],
  fdatasync: ['fsyncs'],
  unlink: ['unlinks'],
  rm: ['unlinks'],
  rename: ['renames'],
  link: [],
};

/**
 * Puts a counter before the calls of `node:fs` in all of their forms. Whole-file calls, such as
 * `readFileSync`, count as one open and one read or write: how node:fs divides them is its own affair, and
 * differs from version to version. A call that fails was made and counts, but it moved nothing.
 *
 * @param {ReturnType<typeof import('./file-ledger.cjs').createFileLedger>} ledger
 */
exports.countFiles = function countFiles(ledger) {
  const effects = effectsOn(ledger);
  for (const [name, effect] of Object.entries(effects)) {
    countSync(ledger, name, effect);
    // Made of calls that are counted themselves.
    if (name !== 'writeFile' && name !== 'appendFile') countCallback(ledger, name, effect);
    countPromise(ledger, name, effect);
  }
  countNative(ledger);
  countHandles(ledger, effects);
};

/** What a call that succeeded moved: bytes, names, descriptors. */
function effectsOn(ledger) {
  const read = (path, bytes) => ledger.read(bytes);
  const write = (path, bytes) => ledger.wrote(path, bytes);
  const writeWhole = (path, _result, [, content]) => ledger.wrote(path, Buffer.byteLength(content));
  const nothing = () => {};
  return {
    ...Object.fromEntries(plainCalls.map((name) => [name, nothing])),
    ...Object.fromEntries(Object.keys(countsOf).map((name) => [name, nothing])),
    read,
    readv: read,
    write,
    writev: write,
    open: (path, result) => {
      if (typeof result === 'number') ledger.opened(result, path);
    },
    close: (_path, _result, [descriptor]) => ledger.closed(descriptor),
    rename: (path, _result, [, to]) => ledger.named(path, to),
    link: (path, _result, [, to]) => ledger.named(path, to),
    copyFile: (_path, _result, [from, to]) => {
      const target = ledger.pathOf(to);
      if (target !== undefined) ledger.wrote(target, fs.statSync.original(from).size);
    },
    readFile: (path, result) => ledger.read(Buffer.byteLength(result)),
    writeFile: writeWhole,
    appendFile: writeWhole,
  };
}

/** Counts that a call was made. A file that is open already is not opened once more. */
function called(ledger, name, target) {
  const counts = countsOf[name] ?? [];
  ledger.called(typeof target === 'number' ? counts.filter((count) => count !== 'opens') : counts);
}

/** What comes into the folder from outside counts as what happens within it does. */
function countedPath(ledger, name, [first, second]) {
  const path = ledger.pathOf(first);
  if (path !== undefined || !['rename', 'link', 'copyFile'].includes(name)) return path;
  return ledger.pathOf(second);
}

function countSync(ledger, name, effect) {
  const original = fs[`${name}Sync`];
  if (typeof original !== 'function') return;
  const counted = function counted(...values) {
    const path = ledger.isPaused() ? undefined : countedPath(ledger, name, values);
    if (path === undefined) return original.apply(this, values);
    called(ledger, name, values[0]);
    const result = ledger.pause(() => original.apply(this, values));
    effect(path, result, values);
    return result;
  };
  fs[`${name}Sync`] = Object.assign(counted, original, { original });
}

function countCallback(ledger, name, effect) {
  const original = fs[name];
  if (typeof original !== 'function') return;
  const counted = function counted(...values) {
    const path = ledger.isPaused() ? undefined : countedPath(ledger, name, values);
    const done = values.at(-1);
    if (path === undefined || typeof done !== 'function') return original.apply(this, values);
    called(ledger, name, values[0]);
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
    if (path !== undefined) called(ledger, name, values[0]);
    const result = await original.apply(this, values);
    if (path !== undefined) effect(path, result, values);
    return result;
  };
}

/** `realpath.native` is a function of its own. */
function countNative(ledger) {
  const original = fs.realpathSync.native;
  fs.realpathSync.native = (...values) => {
    if (!ledger.isPaused() && ledger.pathOf(values[0]) !== undefined) ledger.called([]);
    return original(...values);
  };
}

/** As which call one of a handle counts, and how many bytes it moved. */
const handleCalls = {
  read: ['read', ({ bytesRead }) => bytesRead],
  readv: ['readv', ({ bytesRead }) => bytesRead],
  write: ['write', ({ bytesWritten }) => bytesWritten],
  writev: ['writev', ({ bytesWritten }) => bytesWritten],
  sync: ['fsync', () => 0],
  datasync: ['fdatasync', () => 0],
  truncate: ['ftruncate', () => 0],
  stat: ['fstat', () => 0],
  close: ['close', () => 0],
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
    for (const [name, [call, bytesOf]] of Object.entries(handleCalls)) {
      const original = handle[name];
      if (typeof original !== 'function') continue;
      handle[name] = async (...given) => {
        called(ledger, call, handle.fd);
        const result = await original.apply(handle, given);
        effects[call](path, bytesOf(result, given), given);
        return result;
      };
    }
    return handle;
  };
}
