import { css } from './safe-html.js';

/** Badges, panels, lists and tables. */
export const partStyle = css`
  .sprite {
    position: absolute;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.35em;
    font-weight: 600;
    white-space: nowrap;
  }
  .icon {
    width: 1em;
    height: 1em;
    flex: none;
  }
  .sign {
    fill: none;
    stroke: currentColor;
    stroke-width: 2.2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .tone-good {
    color: var(--good);
  }
  .tone-bad {
    color: var(--bad);
  }
  .tone-warn {
    color: var(--warn);
  }
  .tone-calm {
    color: var(--calm);
  }
  .panel {
    background: var(--panel);
    border-left: 4px solid currentColor;
    border-radius: 3px;
    padding: 1.1rem 1.25rem;
    margin: 0 0 1.5rem;
  }
  .panel p {
    color: var(--ink);
    margin: 0.35rem 0 0;
  }
  .panel .verdict {
    font-size: 1.35rem;
    margin: 0;
    color: inherit;
    line-height: 1.3;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr));
    gap: 1rem 2rem;
    margin: 0 0 1rem;
  }
  @media (max-width: 44rem) {
    .facts {
      grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
      gap: 0.75rem 1.5rem;
    }
  }
  .facts > .long {
    grid-column: 1 / -1;
  }
  .facts dt {
    color: var(--muted);
    font-size: 0.8125rem;
  }
  .facts dd {
    margin: 0;
  }
  .sentences {
    margin: 0 0 1rem;
    padding-left: 1.2rem;
    max-width: 52rem;
  }
  .sentences li {
    margin: 0.2rem 0;
  }
  .commands {
    margin: 0 0 1rem;
    padding: 0.8rem 1rem;
    background: var(--panel);
    border-radius: 3px;
    list-style: none;
    white-space: pre-wrap;
  }
  .table {
    overflow-x: auto;
    margin: 1rem 0 0.5rem;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 0.875rem;
    line-height: 1.4;
  }
  caption {
    text-align: left;
    font-weight: 600;
    padding: 0 0 0.5rem;
  }
  th,
  td {
    text-align: left;
    vertical-align: top;
    padding: 0.45rem 1rem 0.45rem 0;
    border-bottom: 1px solid var(--rule);
    min-width: 4.5rem;
  }
  th:last-child,
  td:last-child {
    padding-right: 0;
  }
  thead th {
    color: var(--muted);
    font-weight: 500;
    vertical-align: bottom;
    border-bottom-color: var(--muted);
    white-space: nowrap;
  }
  tbody th {
    font-weight: 500;
    min-width: 9rem;
  }
  .number {
    text-align: right;
    white-space: nowrap;
  }
  caption span {
    display: block;
    max-width: calc(100vw - 2rem);
  }
  td.long {
    min-width: 15rem;
  }
  td.code,
  th.code {
    min-width: 13rem;
    font-size: 0.75rem;
  }
  thead th.code {
    font-family: inherit;
    font-size: inherit;
  }
`;
