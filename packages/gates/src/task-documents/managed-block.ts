import { GateError } from '../errors.js';

const begin = '<!-- task-evidence:begin -->';
const end = '<!-- task-evidence:end -->';

/**
 * The document with this text as its block of evidence: in place of the one that is there, else at its end under
 * a heading of its own.
 *
 * @throws GateError `INVALID_FILE` where the marks of the block are there, but not one of each in their order
 */
export function setEvidenceBlock(text: string, content: string, path: string): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const block = [begin, content.trimEnd(), end].join('\n').replace(/\r?\n/g, lineBreak);
  const [starts, ends] = [placesOf(text, begin), placesOf(text, end)];
  const [start] = starts;
  const [stop] = ends;
  if (start === undefined && stop === undefined) {
    const space = text === '' || text.endsWith('\n') ? '' : lineBreak;
    const heading = `${lineBreak}## Before and after${lineBreak}${lineBreak}`;
    return `${text}${space}${heading}${block}${lineBreak}`;
  }
  const isSound = starts.length === 1 && ends.length === 1;
  if (start === undefined || stop === undefined || !isSound || stop < start) {
    const message = `Cannot write the evidence into ${path}: the marks of its block are damaged`;
    const hint = `Leave one \`${begin}\` with one \`${end}\` below it, or none of them`;
    throw new GateError('INVALID_FILE', message, { hint });
  }
  return `${text.slice(0, start)}${block}${text.slice(stop + end.length)}`;
}

/** A text that cannot end the block that it is put into. */
export function withoutMarks(text: string): string {
  return text.replaceAll(begin, '').replaceAll(end, '');
}

function placesOf(text: string, mark: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    places.push(at);
  }
  return places;
}
