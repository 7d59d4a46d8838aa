import { expect, test } from 'vitest';

import {
  formatBytes,
  formatCount,
  formatDuration,
  formatQuantity,
  formatRatio,
  formatTime,
} from '../src/html/index.js';
import {
  durationTicks,
  linearTicks,
  logScale,
  logTicks,
  ratioDomain,
  ratioTicks,
} from '../src/html/scales.js';

test('durations are written in the unit that people would use', () => {
  const durations = [
    0, 0.0421, 12.34, 999, 999.6, 12_345, 59_960, 245_000, 7_380_000, 200_000_000, -5,
  ];
  expect(durations.map(formatDuration)).toMatchInlineSnapshot(`
    [
      "0 ms",
      "0.0421 ms",
      "12.3 ms",
      "999 ms",
      "1 s",
      "12.3 s",
      "1 min 00 s",
      "4 min 05 s",
      "2 h 03 min",
      "2 d 08 h",
      "−5 ms",
    ]
  `);
});

test('bytes, counts, ratios and times are written for people', () => {
  expect([0, 812, 1536, 1_048_575, 5e9].map(formatBytes)).toMatchInlineSnapshot(`
    [
      "0 B",
      "812 B",
      "1.5 KB",
      "1 MB",
      "4.66 GB",
    ]
  `);
  expect([0, 999, 12_345, 1234.5678, -1000].map(formatCount)).toMatchInlineSnapshot(`
    [
      "0",
      "999",
      "12,345",
      "1,235",
      "−1,000",
    ]
  `);
  expect([1, 1.004, 1.031, 0.5, 25, 0.01, Infinity].map(formatRatio)).toMatchInlineSnapshot(`
    [
      "×1.00",
      "×1.004",
      "×1.03",
      "×0.50",
      "×25",
      "×0.01",
      "unknown",
    ]
  `);
  expect(formatTime('2026-03-14T09:30:00.123Z')).toBe('2026-03-14 09:30:00 UTC');
  expect([formatTime('never'), formatQuantity(Number.NaN, 'ms')]).toEqual(['unknown', 'unknown']);
});

test('axes of time have round steps', () => {
  const labels = (longest: number): string[] => durationTicks(longest, 6).map(({ label }) => label);
  expect([0.004, 7, 950, 12_000, 172_000, 9_000_000, 4e8].map(labels)).toMatchInlineSnapshot(`
    [
      [
        "0",
        "0.001 ms",
        "0.002 ms",
        "0.003 ms",
        "0.004 ms",
      ],
      [
        "0",
        "2 ms",
        "4 ms",
        "6 ms",
      ],
      [
        "0",
        "200 ms",
        "400 ms",
        "600 ms",
        "800 ms",
      ],
      [
        "0",
        "2 s",
        "4 s",
        "6 s",
        "8 s",
        "10 s",
        "12 s",
      ],
      [
        "0",
        "30 s",
        "1 min",
        "1 min 30 s",
        "2 min",
        "2 min 30 s",
      ],
      [
        "0",
        "30 min",
        "1 h",
        "1 h 30 min",
        "2 h",
        "2 h 30 min",
      ],
      [
        "0",
        "24 h",
        "2 d",
        "3 d",
        "4 d",
      ],
    ]
  `);
});

test('axes of bytes, ratios and powers have round steps', () => {
  const labels = (ticks: readonly { label: string }[]): string =>
    ticks.map(({ label }) => label).join(' ');
  expect(labels(linearTicks([0, 2.5e8], 5, 'bytes'))).toMatchInlineSnapshot(
    `"0 B 50 MB 100 MB 150 MB 200 MB"`,
  );
  expect(labels(logTicks([800, 20_000_000], 6, 'bytes'))).toMatchInlineSnapshot(
    `"1 KB 32 KB 1 MB"`,
  );
  expect(labels(logTicks([700, 1_400_000], 7, 'count'))).toMatchInlineSnapshot(
    `"1,000 10,000 100,000 1,000,000"`,
  );
  expect(labels(ratioTicks(ratioDomain([0.91, 1.17]), 7))).toMatchInlineSnapshot(
    `"×0.90 ×1.00 ×1.10"`,
  );
  expect(labels(ratioTicks(ratioDomain([0.2, 30]), 7))).toMatchInlineSnapshot(`"×0.10 ×1.00 ×10"`);
});

test('a place on an axis never lies outside of it', () => {
  const scale = logScale([0.5, 2], [0, 100]);
  expect([0, -1, 0.1, 1, 99].map(scale).map(Math.round)).toEqual([0, 0, 0, 50, 100]);
});
