import { currentProcessIdentity } from '@codex-orchestrator/core';

/**
 * Names the boot of this machine. Where the system has no name for it, the minute in which it started
 * serves: two boots never share it, and one boot may at worst change it when the clock is set.
 */
export function bootStamp(): string {
  return currentProcessIdentity().bootId ?? `up-since-${minuteOfBoot()}`;
}

function minuteOfBoot(): number {
  const upSeconds = process.getBuiltinModule('node:os').uptime();
  return Math.round((Date.now() / 1000 - upSeconds) / 60);
}
