import { expect, test } from 'vitest';

import { html, plainText, shortPath, shortText } from '../src/html/index.js';

test('whatever is put into a template is escaped, for text and for attributes', () => {
  const hostile = `</p><img src=x onerror="alert('1')">&amp;`;
  const escaped = '&lt;/p&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;';
  expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
    `<p title="${escaped}">${escaped}</p>`,
  );
});

test('markup from a template is not escaped again, and lists are put together', () => {
  const items = ['a', '<'].map((item) => html`<b>${item}</b>`);
  expect(String(html`<p>${items}${false}${null}${undefined}${0}</p>`)).toBe(
    '<p><b>a</b><b>&lt;</b>0</p>',
  );
});

test('an object that only looks like markup is not taken for it', () => {
  const forged = { toString: () => '<script>' } as unknown as string;
  expect(() => html`<p>${forged}</p>`).toThrow();
});

test('a value of an attribute without quotes is refused', () => {
  expect(() => html`<p title=${'x onclick=alert(1)'}></p>`).toThrow(/without quotes/);
});

test('text that ends like an attribute is text', () => {
  expect(String(html`<p>${'a='}${'b'}</p>`)).toBe('<p>a=b</p>');
});

test('what hides or turns text is taken out', () => {
  expect(plainText('a\u202Eb\u2066c\u200Fd\u0000e\u001b[31mf\ud800g')).toBe('abcdefg');
  expect(plainText('a\r\n\tb\u2028c')).toBe('a b c');
});

test('long text is cut by characters, at its end or in its middle', () => {
  expect(shortText('😀'.repeat(20), 5)).toBe('😀😀😀😀…');
  expect(shortPath('abcdefghij', 5)).toBe('ab…ij');
  expect(shortPath('x'.repeat(100_000), 3)).toBe('x…x');
  expect(shortText(' kept ', 10)).toBe('kept');
});
