interface Needing {
  readonly id: string;
  readonly needs: readonly string[] | null;
}

export interface OrderOfNeeds {
  /** Every place once, each behind what it needs. */
  readonly order: readonly number[];
  /** For each place, those that it needs: known, not itself, and without circles. */
  readonly needs: readonly (readonly number[])[];
}

/** Of stages with the same id the first one is meant. */
export function orderOfNeeds(stages: readonly Needing[]): OrderOfNeeds {
  const wanted = resolveNeeds(stages);
  const dependents = wanted.map((): number[] => []);
  const open = wanted.map((needs, index) => {
    for (const need of needs) dependents[need]?.push(index);
    return needs.length;
  });
  const order = [...wanted.keys()].filter((index) => open[index] === 0);
  const settled = new Set(order);
  // What is left when nothing is free any more waits in a circle: the plan's order breaks it.
  for (let next = 0, oldest = 0; settled.size < stages.length || next < order.length; next++) {
    if (next >= order.length) {
      while (settled.has(oldest)) oldest += 1;
      settled.add(oldest);
      order.push(oldest);
    }
    for (const dependent of dependents[order[next] ?? 0] ?? []) {
      open[dependent] = (open[dependent] ?? 0) - 1;
      if (open[dependent] !== 0 || settled.has(dependent)) continue;
      settled.add(dependent);
      order.push(dependent);
    }
  }
  const places = wanted.map(() => 0);
  for (const [place, index] of order.entries()) places[index] = place;
  const isBefore = (a: number, b: number): boolean => (places[a] ?? 0) < (places[b] ?? 0);
  return {
    order,
    needs: wanted.map((needs, index) => needs.filter((need) => isBefore(need, index))),
  };
}

function resolveNeeds(stages: readonly Needing[]): number[][] {
  const known = new Map<string, number>();
  for (const [index, { id }] of stages.entries()) if (!known.has(id)) known.set(id, index);
  return stages.map(({ needs }, index) => {
    if (needs === null) return index === 0 ? [] : [index - 1];
    const found = new Set(needs.map((need) => known.get(need)));
    return [...found].filter((need) => need !== undefined && need !== index) as number[];
  });
}
