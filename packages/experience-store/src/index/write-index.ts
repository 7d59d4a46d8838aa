import { codeOf, withFile, writeAll, writeFileAtomic } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import type { ExperienceLayout } from '../layout.js';
import { openFlags } from '../log/open-flags.js';
import { writeAt } from '../log/write-at.js';
import { domainHashOf } from './domain-hash.js';
import { MAX_DOMAIN_FILE_BYTES, encodeDomainFile } from './domain-file.js';
import type { DomainFile } from './domain-file.js';
import { encodeHeader } from './header.js';
import type { IndexHeader } from './header.js';
import { sealOf } from './sealed-json.js';

export interface IndexWriter {
  readonly layout: ExperienceLayout;
  readonly fs: FileSystem;
  readonly random: RandomSource;
}

/**
 * Writes what the index has of a domain and returns the mark for the header; `undefined` where it would be
 * too large.
 *
 * In place: to replace a file costs ten times as much, and hardly a record is added at a thousand domains
 * without it. A crash within it leaves a file whose checksum is wrong; before and behind it, a file that
 * says itself how much of the log it is made from.
 */
export function writeDomainFile(writer: IndexWriter, file: DomainFile): number | undefined {
  const { layout, fs } = writer;
  const text = encodeDomainFile(file);
  const bytes = Buffer.byteLength(text);
  if (bytes >= MAX_DOMAIN_FILE_BYTES) return undefined;
  const path = layout.domainPath(domainHashOf(file.domain));
  inFolder(writer, () => {
    withFile(fs, { path, flags: openFlags.writeOrCreate, mode: 0o666 }, (fd) => {
      const { size } = fs.fstat(fd);
      const wanted = Math.ceil((bytes + 1) / PADDED_TO) * PADDED_TO;
      writeAll(fs, fd, padded(text, Math.max(wanted, size)));
    });
  });
  return sealOf(text);
}

const PADDED_TO = 512;

/**
 * Commits a change of the index. The file has room for two headers, of which this one takes the place of
 * the older: if it is torn, the other still holds.
 *
 * @param fileBytes The size of the file with the header before; 0 for the first one of an index.
 */
export async function writeHeader(
  writer: IndexWriter,
  header: IndexHeader,
  fileBytes: number,
): Promise<void> {
  const { layout, fs, random } = writer;
  const text = encodeHeader(header);
  const half = fileBytes >>> 1;
  if (text.length < half && header.sequence > 0) {
    const flags = openFlags.readWrite;
    withFile(fs, { path: layout.indexPath, flags }, (fd) => {
      writeAt(fs, fd, padded(text, half), (header.sequence & 1) * half);
    });
    return;
  }
  const room = 2 ** Math.ceil(Math.log2(Math.max(MIN_HALF_BYTES, text.length * 1.25)));
  const isSecond = (header.sequence & 1) === 1;
  const halves = [padded(isSecond ? '' : text, room), padded(isSecond ? text : '', room)];
  await writeFileAtomic(layout.indexPath, Buffer.concat(halves), { fs, random });
}

const MIN_HALF_BYTES = 1024;

function inFolder({ fs, layout }: IndexWriter, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    fs.mkdir(layout.indexDir, { recursive: true });
    write();
  }
}

/** The text with blanks behind it and a newline at the end. */
function padded(text: string, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes, ' ');
  buffer.write(text);
  buffer[bytes - 1] = 10;
  return buffer;
}
