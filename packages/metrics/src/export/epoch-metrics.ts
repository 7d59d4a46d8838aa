import type { PerEpochDocument } from '../fold/document-types.js';
import type { EpochOutput, ToolOutput } from '../fold/epochs.js';
import type { Metric } from './prometheus-text.js';

/** What each epoch came to, and each tool in it. */
export function epochMetrics({ epochs }: PerEpochDocument): Metric[] {
  return [
    ofEpochs(epochs, 'runs', 'Runs of the epoch.', ({ runs }) => runs),
    ofEpochs(epochs, 'tool_calls', 'Tool calls of the epoch.', ({ tool_calls }) => tool_calls),
    ofEpochs(epochs, 'tokens', 'Tokens of the epoch.', ({ token_total }) => token_total),
    ofEpochs(epochs, 'cost_usd', 'US dollars of the epoch.', ({ cost_usd }) => cost_usd),
    ofEpochs(epochs, 'latency_seconds', 'Time that tools took in the epoch.', (epoch) =>
      seconds(epoch.latency_ms),
    ),
    ofTools(epochs, 'runs', 'How often runs of the epoch name the tool.', ({ runs }) => runs),
    ofTools(epochs, 'tokens', 'Tokens of the tool in the epoch.', ({ tokens }) => tokens),
    ofTools(epochs, 'cost_usd', 'US dollars of the tool in the epoch.', ({ cost_usd }) => cost_usd),
    ofTools(epochs, 'latency_seconds', 'Time that the tool took in the epoch.', (tool) =>
      seconds(tool.latency_ms),
    ),
  ];
}

function ofEpochs(
  epochs: readonly EpochOutput[],
  name: string,
  help: string,
  value: (epoch: EpochOutput) => number,
): Metric {
  const samples = epochs.map((epoch) => ({
    labels: { epoch: String(epoch.epoch) },
    value: value(epoch),
  }));
  return { name: `epoch_${name}`, type: 'gauge', help, samples };
}

function ofTools(
  epochs: readonly EpochOutput[],
  name: string,
  help: string,
  value: (tool: ToolOutput) => number,
): Metric {
  const samples = epochs.flatMap(({ epoch, tools }) =>
    tools.map((tool) => ({
      labels: { epoch: String(epoch), tool: tool.tool },
      value: value(tool),
    })),
  );
  return { name: `epoch_tool_${name}`, type: 'gauge', help, samples };
}

function seconds(ms: number): number {
  return ms / 1000;
}
