export type MetricType = 'counter' | 'gauge' | 'summary';

/** Names and values of labels, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  /** Behind the name of the metric. */
  readonly suffix?: '_sum' | '_count';
  /** Null where there is none: the sample is left out. */
  readonly value: number | null;
}

export interface Metric {
  /** Without the prefix. */
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const PREFIX = 'codex_orchestrator_';

/**
 * Metrics in the text exposition format 0.0.4. Those without samples are left out, and so are samples
 * whose labels another one of the metric has already.
 */
export function prometheusText(metrics: readonly Metric[], common: Labels): string {
  return metrics.flatMap((metric) => linesOf(metric, common)).join('');
}

function linesOf({ name, type, help, samples }: Metric, common: Labels): string[] {
  const lines = new Map<string, string>();
  for (const { labels = {}, suffix = '', value } of samples) {
    const series = `${PREFIX}${name}${suffix}{${labelsText({ ...common, ...labels })}}`;
    if (value === null || lines.has(series)) continue;
    lines.set(series, `${series} ${valueText(value)}\n`);
  }
  if (lines.size === 0) return [];
  return [
    `# HELP ${PREFIX}${name} ${escapeHelp(help)}\n`,
    `# TYPE ${PREFIX}${name} ${type}\n`,
    ...lines.values(),
  ];
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  // Half a character cannot be encoded: two labels could become one on the way out.
  return escapeHelp(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll('"', '\\"');
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
