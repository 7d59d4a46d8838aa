/**
 * Experiences to measure with, the same for the same numbers: 32 words out of a few hundred, so that no
 * two say nearly the same, about 700 bytes as a line.
 */
import { words } from '@codex-orchestrator/bench';

/** A small generator with a state of 32 bits (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number} index @param {{domains: number, taskId: string}} options */
export function inputAt(index, { domains, taskId }) {
  const random = randomFrom(index * 2654435761 + 1);
  const pick = () => words[Math.floor(random() * words.length)];
  const runId = `2026-01-01T00-00-00-000Z-${index.toString(16).padStart(12, '0')}`;
  return {
    runId,
    taskId,
    epoch: index % 50,
    groupId: random() < 0.3 ? `group-${Math.floor(index / 4)}` : null,
    summary: Array.from({ length: 32 }, pick).join(' '),
    reward: { gtScore: random() < 0.6 ? 1 : 0, relativeRank: Math.round(random() * 1e4) / 1e4 },
    toolStats: [
      { tool: pick(), tokens: Math.floor(random() * 5000), latencyMs: 120, costUsd: 0.01 },
    ],
    stampSignature: 'ab'.repeat(32),
    domain: domainAt(index % domains),
    evidence: { path: `.runs/${taskId}/cli/${runId}/manifest.json`, sha256: 'cd'.repeat(32) },
  };
}

export function domainAt(number) {
  return `domain-${number}`;
}
