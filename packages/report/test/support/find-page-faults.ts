/**
 * Everything that a reader could not read, one sentence each, as source text of a function for the page:
 * what is wider than the page, drawings whose parts leave them, labels that lie over each other, text with
 * too little contrast.
 */
export const findPageFaults = `(() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push('the page is ' + root.scrollWidth + ' wide, not ' + root.clientWidth);

  const isShown = (element) => element.getClientRects().length > 0;
  const drawings = [...document.querySelectorAll('svg[role=img]')].filter(isShown);
  if (document.querySelector('svg[role=img]') && drawings.length === 0) faults.push('no drawing is shown');
  for (const svg of drawings) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')];
    for (const part of svg.querySelectorAll('rect, path, circle, text')) {
      const box = part.getBoundingClientRect();
      const isOut = box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
      if (isOut) faults.push(svg.querySelector('title').textContent + ': ' + part.outerHTML.slice(0, 120) + ' leaves the drawing');
    }
    for (const [index, text] of texts.entries()) {
      const a = text.getBoundingClientRect();
      for (const other of texts.slice(index + 1)) {
        const b = other.getBoundingClientRect();
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 1 && height > a.height * 0.4) faults.push('"' + text.textContent + '" lies over "' + other.textContent + '"');
      }
      const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
      if (size < 8.5) faults.push('"' + text.textContent + '" is ' + size.toFixed(1) + ' pixels high');
    }
  }

  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !isShown(element) || ['TITLE', 'DESC', 'STYLE', 'title', 'desc'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const ink = luminance(parse(element.tagName === 'text' ? style.fill : style.color));
    const paper = luminance(behind(element));
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) faults.push('"' + node.textContent.trim().slice(0, 40) + '" has a contrast of ' + contrast.toFixed(2));
  }
  return [...new Set(faults)].slice(0, 20);
})()`;
