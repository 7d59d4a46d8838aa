import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';

/** The signs and patterns that badges and bars refer to, once per page. */
export function sprite(): SafeHtml {
  return html`<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>${icons()} ${patterns()}</defs>
  </svg>`;
}

function icons(): SafeHtml {
  return html`<symbol id="icon-check" viewBox="0 0 16 16"
      ><path class="sign" d="M3 8.5l3.5 3.5L13 4.5"
    /></symbol>
    <symbol id="icon-cross" viewBox="0 0 16 16"
      ><path class="sign" d="M4 4l8 8M12 4l-8 8"
    /></symbol>
    <symbol id="icon-dash" viewBox="0 0 16 16"><path class="sign" d="M3.5 8h9" /></symbol>
    <symbol id="icon-stop" viewBox="0 0 16 16"><path class="sign" d="M4 4h8v8h-8z" /></symbol>
    <symbol id="icon-dot" viewBox="0 0 16 16"><circle class="sign" cx="8" cy="8" r="4" /></symbol>
    <symbol id="icon-wait" viewBox="0 0 16 16"
      ><path class="sign" d="M8 4v4.5l3 2M14 8a6 6 0 1 1-12 0a6 6 0 1 1 12 0"
    /></symbol>
    <symbol id="icon-question" viewBox="0 0 16 16"
      ><path class="sign" d="M5 5.5a3 3 0 1 1 4.5 2.600c-1 .6-1.5 1-1.5 2.200M8 13v.2"
    /></symbol>
    <symbol id="icon-alert" viewBox="0 0 16 16"
      ><path class="sign" d="M8 2.5v7M8 13v.2"
    /></symbol>`;
}

/** One pattern per way of not succeeding, told apart without colour. */
function patterns(): SafeHtml {
  return html`<pattern
      id="fill-failed"
      width="7"
      height="7"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
      ><rect class="fill-failed" width="7" height="7" /><path class="hatch" d="M0 0v7"
    /></pattern>
    <pattern id="fill-cancelled" width="6" height="6" patternUnits="userSpaceOnUse"
      ><rect class="fill-cancelled" width="6" height="6" /><path class="hatch" d="M0 0v6"
    /></pattern>
    <pattern id="fill-interrupted" width="6" height="6" patternUnits="userSpaceOnUse"
      ><rect class="fill-interrupted" width="6" height="6" /><circle
        class="spot"
        cx="3"
        cy="3"
        r="1.4"
    /></pattern>
    <pattern
      id="fill-skipped"
      width="7"
      height="7"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
      ><rect class="fill-skipped" width="7" height="7" /><path class="hatch-strong" d="M0 0v7"
    /></pattern>
    <pattern id="fill-running" width="6" height="6" patternUnits="userSpaceOnUse"
      ><rect class="fill-running" width="6" height="6" /><path class="hatch" d="M0 0h6"
    /></pattern>`;
}
