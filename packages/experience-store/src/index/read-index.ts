import { codeOf, messageOf } from '@codex-orchestrator/core';

import type { ExperienceLayout } from '../layout.js';
import type { CountedFiles } from '../log/read-cost.js';
import type { LogFile } from '../log/scan-log.js';
import { domainHashOf } from './domain-hash.js';
import { NO_RECORDS } from './domain-fold.js';
import type { DomainState } from './domain-fold.js';
import { MAX_DOMAIN_FILE_BYTES, decodeDomainFile } from './domain-file.js';
import type { SealedDomainFile } from './domain-file.js';
import { fingerprintOf } from './fingerprint.js';
import { decodeHeaderFile } from './header.js';
import type { IndexHeader } from './header.js';

/** The header, or why it says nothing of this log; without a reason where there is none. */
export type HeaderReading =
  | { readonly header: IndexHeader; readonly fileBytes: number }
  | { readonly header: undefined; readonly because: string | undefined };

const MAX_HEADER_BYTES = 64 * 2 ** 20;

/** Reads the header of a log's index and compares it with the log. */
export function readIndexHeader(
  layout: ExperienceLayout,
  log: LogFile,
  files: CountedFiles,
): HeaderReading {
  const path = layout.indexPath;
  try {
    // Twice: a change that is just being written looks like damage.
    const bytes = files.readWhole(path, MAX_HEADER_BYTES);
    const first = decodeHeaderFile(bytes);
    const header =
      typeof first === 'string' ? decodeHeaderFile(files.readWhole(path, MAX_HEADER_BYTES)) : first;
    if (typeof header === 'string') return refused(path, header);
    const because = contradictionOf(header, log, files);
    if (because) return refused(path, because);
    return { header, fileBytes: bytes.byteLength };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { header: undefined, because: undefined };
    return refused(path, messageOf(error));
  }
}

function refused(path: string, because: string): HeaderReading {
  return { header: undefined, because: `The index "${path}" is not used: ${because}` };
}

function contradictionOf(
  { covered, fingerprint }: IndexHeader,
  { fd }: LogFile,
  files: CountedFiles,
): string | undefined {
  if (fingerprintOf(files, fd, covered) === fingerprint) return undefined;
  return 'the log is not the one that it is made from';
}

/** What the index has of a domain, or why it has to be looked for in the log. */
export type DomainReading =
  | { readonly state: DomainState; readonly from: number; readonly file?: SealedDomainFile }
  | { readonly state: undefined; readonly because: string | undefined };

export interface DomainRequest {
  readonly layout: ExperienceLayout;
  readonly header: IndexHeader;
  readonly log: LogFile;
  readonly files: CountedFiles;
}

/** The state of a domain up to `from`: from there on the log has to be read. */
export function readDomain(domain: string, request: DomainRequest): DomainReading {
  const { layout, header } = request;
  const hash = domainHashOf(domain);
  const mark = header.domains.markOf(hash);
  if (mark === undefined && header.complete) return { state: NO_RECORDS, from: header.covered };
  const path = layout.domainPath(hash);
  try {
    const file = readSealed(path, request);
    const because = file
      ? objectionTo(file, { ...request, domain, mark })
      : 'it is torn or damaged';
    if (because) return unusable(path, because);
    const from = Math.max(header.covered, file?.covered ?? 0);
    return file ? { state: file, from, file } : unusable(path, 'it is torn or damaged');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return unusable(path, messageOf(error));
    return { state: undefined, because: mark === undefined ? undefined : `"${path}" is missing` };
  }
}

function unusable(path: string, because: string): DomainReading {
  return { state: undefined, because: `"${path}" of the index is not used: ${because}` };
}

/** Twice where it seems torn: it may just be written. */
function readSealed(path: string, { files }: DomainRequest): SealedDomainFile | undefined {
  const read = (): SealedDomainFile | undefined =>
    decodeDomainFile(files.readWhole(path, MAX_DOMAIN_FILE_BYTES));
  return read() ?? read();
}

interface Objection extends DomainRequest {
  readonly domain: string;
  readonly mark: number | undefined;
}

function objectionTo(file: SealedDomainFile, request: Objection): string | undefined {
  const { domain, mark, header, log, files } = request;
  if (file.generation !== header.generation) return 'it is of another index';
  if (file.domain !== domain) return 'it is of another domain';
  if (file.covered <= header.covered) {
    return file.checksum === mark ? undefined : 'it is not the one that the index names';
  }
  // Written ahead of a header that was not: it has to stand for itself.
  const isSame = fingerprintOf(files, log.fd, file.covered) === file.fingerprint;
  return isSame ? undefined : 'the log is not the one that it is made from';
}
