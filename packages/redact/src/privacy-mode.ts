/** `enforce` takes secrets out; `shadow` counts them and changes nothing. */
export type PrivacyMode = 'enforce' | 'shadow';

/**
 * What the environment asks for: `CODEX_PRIVACY_GUARD_MODE` wins over `CODEX_PRIVACY_GUARD_ENFORCE`,
 * and where neither says anything that is understood secrets are taken out.
 */
export function readPrivacyMode(env: Readonly<Record<string, string | undefined>>): PrivacyMode {
  const mode = wordOf(env['CODEX_PRIVACY_GUARD_MODE']);
  if (mode === 'shadow' || mode === 'enforce') return mode;
  const enforce = wordOf(env['CODEX_PRIVACY_GUARD_ENFORCE']);
  return ['0', 'false', 'no', 'off'].includes(enforce) ? 'shadow' : 'enforce';
}

function wordOf(text: string | undefined): string {
  return (text ?? '').trim().toLowerCase();
}
