/** Imported, the module would load all that it can do, at a multiple of what a look-up takes. */
const { constants } = process.getBuiltinModule('node:fs');

/** Absent on Windows. */
type Flags = Partial<Record<'O_NOFOLLOW' | 'O_NONBLOCK', number>>;
const { O_NOFOLLOW: noFollow = 0, O_NONBLOCK: noWait = 0 } = constants as Flags;

/**
 * How the files of a store are opened: a symlink with such a name is refused, for it may lead anywhere,
 * and a pipe with such a name keeps nobody waiting.
 */
export const openFlags = {
  read: constants.O_RDONLY | noFollow | noWait,
  readWrite: constants.O_RDWR | noFollow | noWait,
  writeOrCreate: constants.O_RDWR | constants.O_CREAT | noFollow | noWait,
  /** For a file that must not be there yet. */
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  /** Readable too: whether somebody left half a line shows in the last byte. */
  appendOrCreate: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | noFollow | noWait,
} as const;
