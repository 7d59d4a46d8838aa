import { css } from './safe-html.js';

/** On paper: light whatever the reader prefers, nothing cut in two, nothing that scrolls. */
export const paperStyle = css`
  @page {
    margin: 14mm;
  }
  @media print {
    :root {
      color-scheme: light;
      --paper: #fff;
      --hatch: #fff;
      --ink: #000;
      --link: #000;
    }
    * {
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
    body {
      max-width: none;
      padding: 0;
      font-size: 10.5pt;
    }
    nav {
      display: none;
    }
    .chart > .wide {
      display: block;
      max-height: 235mm;
    }
    .chart > .narrow {
      display: none;
    }
    .trends {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
    .table {
      overflow: visible;
    }
    th,
    td,
    tbody th,
    td.long,
    td.code,
    th.code {
      min-width: 0;
      padding-right: 0.6rem;
      white-space: normal;
    }
    td.text,
    th.text {
      min-width: 3.8rem;
    }
    td.path {
      min-width: 9.5rem;
    }
    table {
      font-size: 8.5pt;
    }
    td .note,
    th .note {
      font-size: inherit;
    }
    h2,
    h3,
    figcaption,
    caption,
    .legend {
      break-after: avoid;
      page-break-after: avoid;
    }
    .chart,
    .trends li,
    .panel,
    .facts > div,
    tr,
    .sentences li {
      break-inside: avoid;
      page-break-inside: avoid;
    }
    thead {
      display: table-header-group;
    }
    section {
      margin-top: 1.5rem;
      padding-top: 1rem;
    }
  }
`;
