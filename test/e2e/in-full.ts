/** As often a busy machine may miss the deadlines that a preview has. */
const TIMES = 5

/**
 * Asks again while an answer is not in full: a preview says what it could find out in time.
 * @param ask changes nothing, a dry run
 */
export async function inFull<T>(ask: () => Promise<T>, full: (answer: T) => boolean): Promise<T> {
  let answer = await ask()
  for (let left = TIMES; left > 1 && !full(answer); left -= 1) answer = await ask()
  return answer
}
