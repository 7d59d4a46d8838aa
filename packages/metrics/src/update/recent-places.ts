import { RECENT_RUNS } from '../fold/recent-runs.js';
import type { RunPlace } from '../index/slot.js';

/** Room for places that are taken away again, so that the list is seldom cut. */
const MOST_PLACES = 50 * RECENT_RUNS;

/** Where the entries lie that were counted last and still count. */
export class RecentPlaces {
  #places: RunPlace[] = [];

  add(place: RunPlace): void {
    this.#places.push(place);
    if (this.#places.length > MOST_PLACES) this.#places = this.#places.slice(-MOST_PLACES / 2);
  }

  /** One that does not count any more. */
  remove({ segment, offset }: RunPlace): void {
    const at = this.#places.findLastIndex(
      (place) => place.offset === offset && place.segment === segment,
    );
    if (at !== -1) this.#places.splice(at, 1);
  }

  /** At least half of the room, where there are so many. */
  get places(): readonly RunPlace[] {
    return this.#places;
  }

  /** As many as a list of recent runs has, in the order in which they were counted. */
  latest(): RunPlace[] {
    return this.#places.slice(-RECENT_RUNS);
  }
}
