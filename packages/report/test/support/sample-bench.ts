import {
  forestPlot,
  growthPlot,
  html,
  lineChart,
  pairedRounds,
  renderPage,
  section,
  stripPlot,
  table,
  verdictBadge,
} from '../../src/html/index.js';

/** A page of each block that other pages are built from. */
export function sampleBench(): string {
  return renderPage({
    title: 'Performance guards',
    kind: 'Bench',
    generatedAt: '2026-03-14T10:00:00.000Z',
    sections: [
      section('ratios', 'Time', [ratios(), rounds()]),
      section('growth', 'Growth', growth()),
      section('memory', 'Memory', [memory(), history()]),
      section('counts', 'Counts', counts()),
    ],
    footer: html`<p>Repeat with <code>bench time --seed 1</code>.</p>`,
  });
}

function ratios(): ReturnType<typeof html> {
  const rows = [
    ['core/append is one write', 1.004, 0.99, 1.02, 'unchanged'],
    ['metrics/update costs what is new', 1.12, 1.08, 1.17, 'regressed'],
    ['experience-store/lookup by index', 0.91, 0.84, 0.97, 'improved'],
    ['manifest/verify of a long journal', 1.05, 0.93, 1.19, 'undecided'],
  ] as const;
  return forestPlot(
    rows.map(([label, ratio, lower, upper, verdict]) => ({ label, ratio, lower, upper, verdict })),
    { id: 'forest', title: 'Processor time, candidate to base', margin: 0.1 },
  );
}

function rounds(): ReturnType<typeof html> {
  return pairedRounds({
    id: 'rounds',
    title: 'Each round of metrics/update',
    margin: 0.1,
    rounds: Array.from({ length: 36 }, (_, index) => ({
      process: 1 + Math.floor(index / 12),
      ratio: 1.1 + (((index * 0.618_034) % 1) - 0.5) * 0.12,
    })),
  });
}

function growth(): ReturnType<typeof html> {
  const sizes = [1000, 10_000, 100_000, 1_000_000];
  return growthPlot({
    id: 'growth-plot',
    title: 'Bytes read by an update',
    promised: 0,
    costUnit: 'bytes',
    series: [
      { label: 'bytesRead', points: sizes.map((size) => ({ size, cost: 900 + size ** 0.1 })) },
      { label: 'allocated', points: sizes.map((size) => ({ size, cost: 40 * size ** 0.5 })) },
    ],
  });
}

function memory(): ReturnType<typeof html> {
  return lineChart({
    id: 'memory-chart',
    title: 'Peak of memory over input',
    xUnit: 'bytes',
    yUnit: 'bytes',
    xLabel: 'input',
    series: [
      {
        label: 'stream',
        points: [10, 50, 100, 200].map((mb) => ({ x: mb * 2 ** 20, y: 6e7 + mb * 1e4 })),
      },
      {
        label: 'buffer',
        points: [10, 50, 100, 200].map((mb) => ({ x: mb * 2 ** 20, y: 6e7 + mb * 2 ** 20 })),
      },
    ],
  });
}

function history(): ReturnType<typeof html> {
  const first = Date.UTC(2026, 0, 4);
  const days = Array.from({ length: 60 }, (_, day) => first + day * 86_400_000);
  return lineChart({
    id: 'history-chart',
    title: 'History of core/append',
    xUnit: 'time',
    yUnit: 'ms',
    xLabel: 'day',
    changes: [days[30] ?? 0],
    series: [
      {
        label: 'processor time',
        points: days.map((x, day) => ({
          x,
          y: (day < 30 ? 4.2 : 5.1) + ((day * 0.618) % 1) * 0.4,
        })),
      },
    ],
  });
}

function counts(): ReturnType<typeof html>[] {
  return [
    stripPlot({
      id: 'strip',
      title: 'Processor time of calls',
      sides: ['base', 'candidate'],
      rows: [
        {
          label: 'metrics/update costs what is new',
          unit: 'ms',
          before: Array.from({ length: 300 }, (_, index) => 4 + ((index * 0.618) % 1)),
          after: Array.from({ length: 300 }, (_, index) => 4.6 + ((index * 0.414) % 1)),
        },
      ],
    }),
    table({
      caption: 'Counted once',
      columns: [{ header: 'Guard' }, { header: 'Writes', kind: 'number' }, { header: 'Verdict' }],
      rows: [['core/append is one write', '1', verdictBadge('held')]],
    }),
  ];
}
