import { expect } from 'vitest';

const voidElements = new Set(['br', 'hr', 'img', 'link', 'meta']);

/** Expects a page that is whole, needs nothing from outside and can run nothing. */
export function expectSafePage(page: string): void {
  expect(Buffer.byteLength(page)).toBeLessThan(200_000);
  expect(unbalanced(page)).toEqual([]);
  const tags = tagsOf(page).map(({ text }) => text);
  expect(
    tags.filter((tag) => /^<(?:script|iframe|object|embed|base|form|link|img)\b/i.test(tag)),
  ).toEqual([]);
  expect(tags.filter((tag) => /\son[a-z]+\s*=/i.test(withoutValues(tag)))).toEqual([]);
  expect(tags.filter((tag) => /(?:href|src|action)="(?!#)/i.test(tag))).toEqual([]);
  expect(tags.filter((tag) => /\sstyle=/.test(withoutValues(tag)))).toEqual([]);
  expect(page).not.toMatch(/@import|url\((?!#)/);
  // eslint-disable-next-line no-control-regex -- none of them has a place on a page
  const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  expect(page).not.toMatch(unseen);
  expect(duplicates([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? ''))).toEqual([]);
  expect(page).not.toMatch(/NaN|undefined|\[object/);
}

/** All text of the page, unescaped. */
export function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replaceAll(/<[^>]*>/g, ' ');
  const entities: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    '#39': "'",
    quot: '"',
  };
  return body.replaceAll(/&(amp|lt|gt|#39|quot);/g, (_, name: string) => entities[name] ?? '');
}

function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const { name, text, isEnd } of tagsOf(page)) {
    if (isEnd) {
      const last = open.pop();
      if (last !== name) wrong.push(`${text} closes <${last ?? 'nothing'}>`);
    } else if (!voidElements.has(name) && !text.endsWith('/>')) open.push(name);
  }
  return [...wrong, ...open.map((name) => `<${name}> stays open`)];
}

function tagsOf(page: string): { name: string; text: string; isEnd: boolean }[] {
  const tags = page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b(?:"[^"]*"|[^">])*>/gi);
  return [...tags].map(([text, slash, name = '']) => ({ text, name, isEnd: slash === '/' }));
}

function withoutValues(tag: string): string {
  return tag.replaceAll(/"[^"]*"/g, '""');
}

function duplicates(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
