/**
 * @typedef {{ type: string } & Record<string, unknown>} ServerEvent
 */

/**
 * Events as they go over the wire.
 *
 * @param {readonly ServerEvent[]} events
 */
export function encodeEvents(events) {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
