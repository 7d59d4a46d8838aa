/**
 * Works on all items, `jobs` at a time, and answers in the order of the items.
 *
 * @template Item, Answer
 * @param {readonly Item[]} items
 * @param {number} jobs
 * @param {(item: Item, index: number) => Promise<Answer>} work
 * @returns {Promise<Answer[]>}
 */
export async function sideBySide(items, jobs, work) {
  /** @type {Answer[]} */
  const answers = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      answers[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
  return answers;
}
