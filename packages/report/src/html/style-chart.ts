import { css } from './safe-html.js';

/** What is drawn. */
export const chartStyle = css`
  .chart {
    margin: 1.25rem 0 2rem;
  }
  figcaption {
    font-weight: 600;
    margin-bottom: 0.5rem;
  }
  .chart > svg {
    display: block;
    width: 100%;
    height: auto;
  }
  .wide {
    max-width: 66rem;
  }
  .narrow {
    max-width: 30rem;
  }
  .chart > .narrow {
    display: none;
  }
  @media (max-width: 44rem) {
    body {
      padding: 1.5rem 1rem 3rem;
    }
    h1 {
      font-size: 1.5rem;
    }
    .chart > .wide {
      display: none;
    }
    .chart > .narrow {
      display: block;
    }
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1.25rem;
    list-style: none;
    margin: 0 0 0.75rem;
    padding: 0;
    font-size: 0.8125rem;
    color: var(--muted);
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 0.45rem;
  }
  svg text {
    font:
      13px system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      'Noto Sans',
      'Liberation Sans',
      Arial,
      sans-serif;
    font-variant-numeric: tabular-nums;
    fill: var(--ink);
  }
  .narrow text {
    font-size: 12px;
  }
  svg .tick,
  svg .fact {
    fill: var(--muted);
  }
  svg .strong {
    font-weight: 650;
  }
  svg .end {
    text-anchor: end;
  }
  svg .middle {
    text-anchor: middle;
  }
  .grid,
  .one,
  .link,
  .wait,
  .critical,
  .median,
  .median-line,
  .interval,
  .change,
  .cross,
  .line,
  .promised,
  .dot {
    fill: none;
  }
  .grid {
    stroke: var(--grid);
  }
  .one {
    stroke: var(--muted);
  }
  .link {
    stroke: var(--ink);
    stroke-width: 1;
    opacity: 0.55;
  }
  .wait {
    stroke: var(--muted);
    stroke-width: 1.5;
    stroke-dasharray: 2 3;
  }
  .critical {
    stroke: var(--ink);
    stroke-width: 3;
  }
  .bar-succeeded {
    fill: var(--succeeded);
  }
  .bar-other {
    fill: var(--cancelled);
  }
  .fill-failed {
    fill: var(--failed);
  }
  .fill-cancelled {
    fill: var(--cancelled);
  }
  .fill-interrupted {
    fill: var(--interrupted);
  }
  .fill-skipped {
    fill: var(--skipped);
  }
  .fill-running {
    fill: var(--running);
  }
  .hatch {
    stroke: var(--hatch);
    stroke-width: 3;
  }
  .hatch-strong {
    stroke: var(--hatch);
    stroke-width: 6;
  }
  .spot {
    fill: var(--hatch);
  }
  .band {
    fill: var(--band);
  }
  .interval {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .estimate {
    fill: currentColor;
    stroke: var(--paper);
  }
  .median {
    stroke: var(--ink);
    stroke-width: 2.5;
  }
  .median-line {
    stroke: var(--ink);
    stroke-dasharray: 6 3;
    opacity: 0.75;
  }
  .change {
    stroke: var(--bad);
    stroke-width: 1.5;
    stroke-dasharray: 1 3;
  }
  .cross {
    stroke: var(--failed);
    stroke-width: 1.8;
  }
  .current {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 2.2;
  }
  .dot {
    stroke-width: 6.5;
    stroke-linecap: round;
  }
  .dot-before {
    stroke: var(--before);
    opacity: 0.75;
  }
  .dot-after {
    stroke: var(--after);
    stroke-linecap: square;
    stroke-width: 5;
    opacity: 0.75;
  }
  .dot-earlier {
    stroke: var(--succeeded);
    stroke-width: 5;
  }
  .promised {
    stroke: var(--muted);
    stroke-width: 1.5;
    stroke-dasharray: 7 4;
  }
  .line {
    stroke-width: 2;
  }
  .line-0,
  .dot-0 {
    stroke: var(--s0);
  }
  .line-1,
  .dot-1 {
    stroke: var(--s1);
  }
  .line-2,
  .dot-2 {
    stroke: var(--s2);
  }
  .line-3,
  .dot-3 {
    stroke: var(--s3);
  }
  .line-4,
  .dot-4 {
    stroke: var(--s4);
  }
  .line-1 {
    stroke-dasharray: 8 3;
  }
  .line-2 {
    stroke-dasharray: 3 3;
  }
  .line-3 {
    stroke-dasharray: 10 3 2 3;
  }
  .line-4 {
    stroke-dasharray: 1 3;
  }
  .dot-1,
  .dot-3 {
    stroke-linecap: square;
  }
  .series-0 {
    fill: var(--s0);
  }
  .series-1 {
    fill: var(--s1);
  }
  .series-2 {
    fill: var(--s2);
  }
  .series-3 {
    fill: var(--s3);
  }
  .series-4 {
    fill: var(--s4);
  }
  .trends {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
    gap: 1.25rem 1.75rem;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .trends svg {
    display: block;
    width: 100%;
    max-width: 17rem;
    height: auto;
  }
  .trends text {
    font-size: 11.5px;
  }
  .trends p {
    margin: 0;
    font-size: 0.8125rem;
  }
  .trends .trend-title {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .trend-facts {
    text-wrap: balance;
  }
`;
