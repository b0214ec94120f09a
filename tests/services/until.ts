const pauseMilliseconds = 25;

/**
 * Asks until the answer is neither undefined nor false, and gives that answer; a question that throws is asked again.
 * For what can only be seen by asking, such as a server's own account of its state; what announces itself is awaited.
 * Throws after `withinSeconds`, naming `what` and the last error.
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer> | Answer,
  withinSeconds = 30,
): Promise<Exclude<Answer, undefined | false>> {
  const deadline = Date.now() + withinSeconds * 1000;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer as Exclude<Answer, undefined | false>;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${withinSeconds} s: ${what}`, { cause: failure });
    await Bun.sleep(pauseMilliseconds);
  }
}
