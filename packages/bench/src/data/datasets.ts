import { BenchError } from '../errors.js';
import type { Datasets, Variant } from '../guard/guard.js';
import { createDatasetCache } from './dataset-cache.js';
import type { DatasetFile } from './dataset-cache.js';
import { experienceChunks, experienceLineVersion } from './experience-chunks.js';
import { historyChunks } from './history-chunks.js';
import { historyLineVersion } from './history-line.js';
import { outputChunks, outputVersion } from './output-chunks.js';
import { sealedRunFiles, sealedRunVersion } from './sealed-run.js';

export interface CreateDatasetsOptions {
  /** Folder that data sets are kept in; made where it is missing. */
  readonly cacheDir: string;
}

/**
 * Data sets made of a seed and kept in a folder. Sizes are what guards ask for: lines of a history or log
 * include notes and, with `hostile`, damaged ones.
 */
export function createDatasets({ cacheDir }: CreateDatasetsOptions): Datasets {
  const make = createDatasetCache(cacheDir);
  return {
    history: async ({ lines, variant = 'realistic', seed = 1 }) =>
      make({
        name: `history-v${historyLineVersion}-${variant}-s${seed}-${count(lines, 'lines')}`,
        main: 'metrics.json',
        files: () => [
          {
            path: 'metrics.json',
            chunks: historyChunks({ lines, seed, shape: 'own', kind: kindOf(variant) }),
          },
        ],
      }),
    experiences: async ({ lines, variant = 'realistic', seed = 1, domains = 20 }) =>
      make({
        name: `experiences-v${experienceLineVersion}-${variant}-s${seed}-d${domains}-${count(lines, 'lines')}`,
        main: 'experiences.jsonl',
        files: () => [
          {
            path: 'experiences.jsonl',
            chunks: experienceChunks({ lines, seed, variant, domains }),
          },
        ],
      }),
    output: async ({ bytes, variant = 'realistic', seed = 1 }) =>
      make({
        name: `output-v${outputVersion}-${variant}-s${seed}-${count(bytes, 'bytes')}`,
        main: 'output.log',
        files: () => [{ path: 'output.log', chunks: outputChunks({ bytes, seed, variant }) }],
      }),
    runs: async ({ runs, stages = 3, seed = 1 }) =>
      make({
        name: `runs-v${sealedRunVersion}-s${seed}-${count(stages, 'stages')}x${count(runs, 'runs')}`,
        main: '.runs',
        files: () => runFiles(runs, { stages, seed }),
      }),
    stages: async ({ stages }) =>
      make({
        name: `stages-v1-${count(stages, 'stages')}`,
        main: 'codex.orchestrator.json',
        files: () => [
          { path: 'codex.orchestrator.json', chunks: [Buffer.from(pipelineConfig(stages))] },
        ],
      }),
  };
}

function* runFiles(
  runs: number,
  options: { readonly stages: number; readonly seed: number },
): Generator<DatasetFile, void, void> {
  for (let index = 0; index < runs; index += 1) yield* sealedRunFiles(index, options);
}

/** Stages of the least that a command can be; one after the other, as they declare no needs. */
function pipelineConfig(stages: number): string {
  const pipeline = {
    id: 'bench',
    guardrailsRequired: false,
    stages: Array.from({ length: stages }, (_, at) => ({
      kind: 'command',
      id: `stage-${String(at + 1).padStart(2, '0')}`,
      command: ['true'],
    })),
  };
  return `${JSON.stringify({ defaultPipeline: 'bench', pipelines: [pipeline] }, null, 2)}\n`;
}

function kindOf(variant: Variant): 'lines' | 'compact' | 'hostile' {
  return variant === 'realistic' ? 'lines' : variant;
}

function count(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  const message = `Expected \`${name}\` of a data set to be a whole number, got ${value}`;
  throw new BenchError('INVALID_OPTION', message);
}
