import { objectMember } from './root-view.js';

export type TestScript =
  | { readonly kind: 'real'; readonly line: string }
  /** What `npm init` writes: it always fails. */
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'none' };

/** What the script `test` of a `package.json` is. */
export function readTestScript(
  packageJson: Readonly<Record<string, unknown>> | undefined,
): TestScript {
  const line = objectMember(packageJson, 'scripts')['test'];
  if (typeof line !== 'string' || line.trim() === '') return { kind: 'none' };
  if (/^echo\s+\W*Error: no test specified\W*&&\s*exit 1$/.test(line.trim())) {
    return { kind: 'placeholder' };
  }
  return { kind: 'real', line };
}
