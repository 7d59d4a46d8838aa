/** Names that a Makefile is found by, in make's own order. */
export const makefiles: readonly string[] = ['GNUmakefile', 'makefile', 'Makefile'];

/** Names that a justfile is found by most often; it may be written in whatever case. */
export const justfiles: readonly string[] = ['justfile', 'Justfile', '.justfile', 'JUSTFILE'];

/** Whether a script or a file of recipes starts pipelines of this program. */
export function callsItself(text: string): boolean {
  return /\bcodex-orchestrator(?:\.[cm]?js)?["']?\s+(?:start|resume|retry)\b/.test(text);
}

/** `test: deps`, `lint test::`; neither `test := x` nor a line of a recipe. */
export function hasMakeTarget(text: string, target: string): boolean {
  return text.split(/\r?\n/).some((line) => {
    const colon = line.indexOf(':');
    if (colon < 0 || /^[\t #]/.test(line) || /^:{0,3}=/.test(line.slice(colon + 1))) return false;
    return line.slice(0, colon).split(/\s+/).includes(target);
  });
}

/** `test:`, `@test *flags: build`, `alias test := check`; not `test name:`, which asks for an argument. */
export function hasJustRecipe(text: string, recipe: string): boolean {
  return text.split(/\r?\n/).some((line) => {
    if (new RegExp(`^alias\\s+${recipe}\\s*:=`).test(line)) return true;
    const head = new RegExp(`^@?${recipe}(?=[\\s:])([^:]*):(?!=)`).exec(line);
    const parameters = (head?.[1] ?? '').split(/\s+/).filter((word) => word !== '');
    const isOptional = (word: string): boolean => word.startsWith('*') || word.includes('=');
    return head !== null && parameters.every(isOptional);
  });
}
