import type { CodeSpan } from '../markdown/markdown-document.js';
import type { PathReference } from './reference.js';

/**
 * What stands in backticks and looks like the path of a file: with a `/`, but without blanks, and neither
 * an address, nor absolute, nor a pattern or placeholder. Whether it means one is up to what is there.
 */
export function pathReferences(codeSpans: readonly CodeSpan[]): PathReference[] {
  return codeSpans.flatMap(({ text, line }) => {
    const paths = readPaths(text);
    const [path] = paths;
    return path === undefined ? [] : [{ kind: 'path' as const, text: path, paths, line }];
  });
}

const isNoPath = /[\s<>*?[\]{}$|\\"'`,;=()…]|\.\.\.|:\/\/|^[/~@-]|^\.\.\//;

function readPaths(span: string): string[] {
  if (!span.includes('/')) return [];
  const bare = span
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^\.\//, '');
  if (isNoPath.test(bare) || !bare.includes('/')) return [];
  const [withoutAnchor = ''] = bare.split('#');
  const path = withoutAnchor.replace(/(?::\d+(?:[-:]\d+){0,3})$/, '');
  if (path === '') return [];
  // `src/rig.ts:createRig` names something in a file.
  const file = path.replace(/:[^:/]*$/, '');
  return file === path || file === '' ? [path] : [path, file];
}
