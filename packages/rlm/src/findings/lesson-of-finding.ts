import type { Finding } from './findings.js';

const maxWords = 32;

/** A finding in at most 32 words, for an experience: where, what, and the first way to mend it. */
export function lessonOfFinding({ title, hotspot, candidate_fixes }: Finding): string {
  const { file, symbol } = hotspot;
  const where = symbol === undefined ? file : `${file} (${symbol})`;
  const [fix] = candidate_fixes;
  const lesson = `Hotspot in ${where}: ${toWords(title, fix ? 16 : maxWords)}`;
  return toWords(fix ? `${lesson}; candidate fix: ${fix.title}` : lesson, maxWords);
}

function toWords(text: string, count: number): string {
  const words = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .split(/\s+/);
  const kept = words.slice(0, count).join(' ');
  return words.length > count ? `${kept}…` : kept.replace(/[.\s]+$/, '');
}
