import { scaleLinear, scaleLog } from 'd3-scale';

import { formatDuration, formatQuantity, formatRatio } from './format-quantity.js';
import type { Unit } from './format-quantity.js';

/** A place on an axis with what stands there. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** From values to places, never outside of the range. */
export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
}

export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const scale = scaleLinear(widened(domain), [...range]).clamp(true);
  return Object.assign((value: number) => scale(value), { domain, range });
}

/** Values that are not positive stand at the lower end. */
export function logScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const scale = scaleLog(domain, [...range]).clamp(true);
  const place = (value: number): number => scale(value > 0 ? value : domain[0]);
  return Object.assign(place, { domain, range });
}

const durationStepsMs = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * 3_600_000),
];

/** Round times from zero to the longest, about so many of them. */
export function durationTicks(longestMs: number, about: number): Tick[] {
  if (!(longestMs > 0) || !Number.isFinite(longestMs)) return [{ value: 0, label: '0' }];
  const least = longestMs / about;
  const day = 24 * 3_600_000;
  const step =
    durationStepsMs.find((candidate) => candidate >= least) ?? Math.ceil(least / day) * day;
  const fraction = least < 1 ? 10 ** Math.ceil(Math.log10(least)) : step;
  const count = Math.floor(longestMs / fraction + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => {
    const value = index * fraction;
    return { value, label: index === 0 ? '0' : tickLabel(value) };
  });
}

/** `90 s` as `1 min 30 s`, and `60 s` as `1 min`, not `1 min 00 s`. */
function tickLabel(valueMs: number): string {
  return formatDuration(valueMs).replace(/ 00 (?:s|min|h)$/, '');
}

/** Ticks of a linear axis: round numbers, of bytes in steps of 1024. */
export function linearTicks(domain: readonly [number, number], about: number, unit: Unit): Tick[] {
  const step = unit === 'bytes' ? 1024 ** Math.floor(Math.log2(Math.max(1, domain[1])) / 10) : 1;
  const [from, to] = widened(domain);
  const ticks = scaleLinear([from / step, to / step], [0, 1]).ticks(about);
  return withoutEqual(
    ticks.map((value) => ({ value: value * step, label: formatQuantity(value * step, unit) })),
  );
}

/** Powers of ten, and within few of them twice and five times as well; of bytes, powers of two. */
export function logTicks(domain: readonly [number, number], about: number, unit: Unit): Tick[] {
  const label = (value: number): string => formatQuantity(value, unit);
  if (unit === 'bytes') return powersOfTwo(domain, about, label);
  const [from, to] = domain;
  const first = Math.floor(Math.log10(from) + 1e-9);
  const last = Math.ceil(Math.log10(to) - 1e-9);
  const decades = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const every = Math.max(1, Math.ceil(decades.length / about));
  const isFew = decades.length * 2 < about;
  const values = isFew
    ? decades.flatMap((decade) => [decade, decade * 2, decade * 5])
    : decades.filter((_, index) => index % every === 0);
  const inside = values.filter((value) => value >= from * 0.999 && value <= to * 1.001);
  return withoutEqual(inside.map((value) => ({ value, label: label(value) })));
}

function powersOfTwo(
  [from, to]: readonly [number, number],
  about: number,
  label: (value: number) => string,
): Tick[] {
  const powers = Math.log2(to / from);
  const every = [1, 2, 5, 10].find((step) => powers / step <= about) ?? 20;
  const first = Math.ceil(Math.log2(from) / every);
  const last = Math.floor(Math.log2(to) / every);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const value = 2 ** ((first + index) * every);
    return { value, label: label(value) };
  });
}

const ratioSteps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];

/** Ticks of a logarithmic axis of ratios, one of them at 1. */
export function ratioTicks(domain: readonly [number, number], about: number): Tick[] {
  const [from, to] = domain;
  const step = ratioSteps.find((candidate) => (to - from) / candidate <= about);
  if (step === undefined || from < step) return logTicks(domain, about, 'ratio');
  const first = Math.ceil((from - 1) / step - 1e-9);
  const last = Math.floor((to - 1) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = 1 + (first + index) * step;
    return { value, label: formatRatio(value) };
  });
}

/** A domain that holds all values, and more than one. */
export function domainOf(values: readonly number[]): [number, number] {
  let from = Infinity;
  let to = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  return from > to ? [0, 1] : [from, to];
}

/** A domain around one that holds all positive values and a little room, as far out as `farthest`. */
export function ratioDomain(values: readonly number[], farthest = 100): [number, number] {
  let reach = Math.log(1.02);
  for (const value of values) {
    if (value > 0 && Number.isFinite(value)) reach = Math.max(reach, Math.abs(Math.log(value)));
  }
  const padded = Math.min(Math.log(farthest), reach * 1.15);
  return [Math.exp(-padded), Math.exp(padded)];
}

function widened([from, to]: readonly [number, number]): [number, number] {
  if (to > from) return [from, to];
  const around = Math.abs(from) > 0 ? Math.abs(from) * 0.05 : 1;
  return [from - around, to + around];
}

function withoutEqual(ticks: readonly Tick[]): Tick[] {
  const seen = new Set<string>();
  return ticks.filter(({ label }) => !seen.has(label) && seen.add(label));
}
