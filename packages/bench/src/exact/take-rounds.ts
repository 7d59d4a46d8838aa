export interface TakeRoundsOptions {
  readonly rounds: number;
  readonly warmUpRounds: number;
  /** As many calls are taken together as take this long. */
  readonly leastBatchMs: number;
}

type Call = () => unknown;

const mostCallsPerBatch = 1 << 20;

/**
 * Takes the processor time of calls in turns, each round all of them and every other round in reverse, so
 * that what slows the machine down for a while slows all alike. Resolves to the milliseconds of one call, per
 * round in the order of the calls.
 */
export async function takeRounds(
  calls: readonly Call[],
  { rounds, warmUpRounds, leastBatchMs }: TakeRoundsOptions,
): Promise<readonly (readonly number[])[]> {
  for (let round = 0; round < warmUpRounds; round += 1) {
    for (const call of calls) await cpuMsOf(call, 1);
  }
  const batches: number[] = [];
  for (const call of calls) batches.push(await batchOf(call, leastBatchMs));
  const taken: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const costs = calls.map(() => 0);
    const order = [...calls.keys()];
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const call = calls[index];
      const batch = batches[index] ?? 1;
      if (call !== undefined) costs[index] = (await cpuMsOf(call, batch)) / batch;
    }
    taken.push(costs);
  }
  return taken;
}

async function batchOf(call: Call, leastBatchMs: number): Promise<number> {
  for (let batch = 1; ; batch *= 2) {
    if ((await cpuMsOf(call, batch)) >= leastBatchMs || batch >= mostCallsPerBatch) return batch;
  }
}

async function cpuMsOf(call: Call, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
