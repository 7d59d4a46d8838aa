import type { Iteration } from '../loop/iteration.js';
import { placeOf } from './place-of.js';
import type { Place } from './place-of.js';

export interface Stall {
  /** Iterations that are in the same place, ascending. */
  readonly iterations: readonly number[];
  /** One sentence that names them. */
  readonly reason: string;
}

/**
 * Why a loop counts as stalled; undefined while it moves. It is stalled when
 *
 * - `stallAfter` iterations in a row changed nothing and the validators said the same of them,
 * - or it came back `stallAfter` times to the same content with the same answer, by whatever way,
 * - or 3 × `stallAfter` iterations in a row failed in exactly the same way although files changed.
 *
 * Another answer of a validator is progress, even with the same content before it. Iterations that did not
 * complete are left out: they say more about the agent than about the work, and are counted elsewhere.
 * Where nothing is known about content, what the agent said stands for it; an agent that says nothing
 * is then judged by the third rule alone.
 */
export function findStall(iterations: readonly Iteration[], stallAfter: number): Stall | undefined {
  const places = iterations.filter(({ completed }) => completed).map(placeOf);
  return (
    findStandstill(places, stallAfter) ??
    findCircle(places, stallAfter) ??
    findSameFailure(places, stallAfter * 3)
  );
}

function findStandstill(places: readonly Place[], count: number): Stall | undefined {
  const last = places.at(-1);
  if (last === undefined || places.length < count) return undefined;
  const recent = places.slice(-count);
  if (!recent.every((place) => place.unchanged && isSame(place, last))) return undefined;
  const said = last.judged ? 'the validators said the same of each' : 'nobody judges them';
  const changed = count === 1 ? 'changed nothing' : 'changed nothing one after the other';
  return stall(recent, (names) => `${names} ${changed}, and ${said}`);
}

/**
 * A pair of content and answer is at a place again when the loop was elsewhere in between, or stayed:
 * either way the iterations since led nowhere. It takes one more than a standstill does, because the first
 * visit was none in vain.
 */
function findCircle(places: readonly Place[], returns: number): Stall | undefined {
  const last = places.at(-1);
  if (last?.content == null || last.content.startsWith('said ')) return undefined;
  const visits = places.filter((place) => isSame(place, last));
  if (visits.length <= returns) return undefined;
  return stall(visits, (names) => `${names} came back to the same content with the same answer`);
}

function findSameFailure(places: readonly Place[], count: number): Stall | undefined {
  const last = places.at(-1);
  if (last === undefined || last.failures === '' || places.length < count) return undefined;
  const recent = places.slice(-count);
  if (!recent.every(({ failures }) => failures === last.failures)) return undefined;
  return stall(recent, (names) => `${names} failed in exactly the same way, whatever they changed`);
}

function isSame(one: Place, other: Place): boolean {
  return one.content === other.content && one.verdicts === other.verdicts;
}

function stall(places: readonly Place[], say: (names: string) => string): Stall {
  const iterations = places.map(({ n }) => n);
  return { iterations, reason: `${say(nameIterations(iterations))}.` };
}

/** "Iterations 2 to 4", "Iterations 1, 3 and 5". */
function nameIterations(numbers: readonly number[]): string {
  const first = numbers[0] ?? 0;
  const last = numbers.at(-1) ?? 0;
  if (numbers.length === 1) return `Iteration ${last}`;
  if (numbers.length > 2 && numbers.every((n, index) => n === first + index)) {
    return `Iterations ${first} to ${last}`;
  }
  return `Iterations ${numbers.slice(0, -1).join(', ')} and ${last}`;
}
