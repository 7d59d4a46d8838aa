import { Interned } from './intern-table.js';
import { LIST, RECORDED_AT, RUN_ID, SKIP, STAGE, TOOL } from './slots.js';
import { Stretch } from './stretch.js';
import type { Wanted } from './wanted-members.js';

/** A member whose value changes again within so many lines varies, for all that is known. */
const STEADY_LINES = 64;

/** What the first text of a member follows; its bytes are nowhere. */
const noText = new Interned('');

/** One member of a shape: what becomes of its value, and what was learned of it. */
export class Member {
  readonly shape: number;
  readonly kind: number;
  /** The slot of the value, or the shape of the objects in it. */
  readonly place: number;
  /** Whether stretches end with its key, for its value is different in many lines. */
  varies: boolean;
  /** What followed its value the last time. */
  next = new Stretch();
  /** What followed before that, where it was something else. */
  nextButOne = new Stretch();

  /** The text that its value was the last time, where it is one to be kept. */
  lastText = noText;

  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(shape: number, { kind, place }: Wanted = { kind: SKIP, place: 0 }) {
    this.shape = shape;
    this.kind = kind;
    this.place = place;
    const isKept = kind === LIST && (place === STAGE || place === TOOL);
    this.varies = isKept || kind === RUN_ID || kind === RECORDED_AT;
  }

  /** Takes down that the value is not what it was before. */
  noteChange(line: number): void {
    if (line - this.#changedAt < STEADY_LINES) this.varies = true;
    this.#changedAt = line;
  }

  /** Makes the other stretch the expected one, and gives it. */
  swap(): Stretch {
    const stretch = this.nextButOne;
    this.nextButOne = this.next;
    this.next = stretch;
    return stretch;
  }
}
