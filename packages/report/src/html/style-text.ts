import { css } from './safe-html.js';

/** Letters, headings and the frame of the page. */
export const textStyle = css`
  * {
    box-sizing: border-box;
  }
  html {
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  body {
    margin: 0 auto;
    max-width: 72rem;
    padding: 2.5rem 1.5rem 4rem;
    background: var(--paper);
    color: var(--ink);
    font:
      1rem/1.55 system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      'Noto Sans',
      'Liberation Sans',
      Arial,
      sans-serif;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  h1,
  h2,
  h3 {
    line-height: 1.25;
    font-weight: 650;
    letter-spacing: -0.011em;
    text-wrap: balance;
  }
  h1 {
    font-size: 1.85rem;
    margin: 0;
  }
  h2 {
    font-size: 1.25rem;
    margin: 0 0 1rem;
  }
  h3 {
    font-size: 1rem;
    margin: 2rem 0 0.5rem;
  }
  p {
    margin: 0 0 0.75rem;
    max-width: 46rem;
  }
  a {
    color: var(--link);
    text-underline-offset: 0.2em;
  }
  a:focus-visible,
  .table:focus-visible {
    outline: 2px solid var(--link);
    outline-offset: 2px;
  }
  .kind {
    margin: 0 0 0.35rem;
    color: var(--muted);
    font-size: 0.875rem;
  }
  .subtitle,
  .note,
  .trend-facts {
    color: var(--muted);
  }
  .subtitle {
    margin: 0.35rem 0 0;
  }
  .note {
    font-size: 0.875rem;
    margin: 0.6rem 0 0;
  }
  .code,
  code {
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
    font-size: 0.8125em;
  }
  td,
  th,
  dd,
  li,
  h1,
  text {
    unicode-bidi: isolate;
  }
  nav ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    list-style: none;
    margin: 1.25rem 0 0;
    padding: 0;
    font-size: 0.875rem;
  }
  section {
    margin-top: 2.5rem;
    padding-top: 1.5rem;
    border-top: 1px solid var(--rule);
  }
  footer {
    margin-top: 3rem;
    padding-top: 1rem;
    border-top: 1px solid var(--rule);
    color: var(--muted);
    font-size: 0.875rem;
  }
  footer p {
    margin: 0 0 0.25rem;
  }
`;
