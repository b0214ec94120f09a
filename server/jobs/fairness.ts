/**
 * Fairness between workspaces: start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996), counted in seconds of audio.
 *
 * Each job gets a turn when it is added, and among jobs of one priority the smallest turn is taken first, then the earliest:
 *
 *     turn = max(now, end of the last turn that the workspace has in the queue)        end = turn + turnLength(seconds)
 *
 * where `now` is the largest turn taken so far. A workspace with many jobs queues behind itself; one that comes fresh starts
 * at `now`, ahead of all that others have lined up, so it waits for no more than the jobs that run. Workspaces that
 * wait get equal seconds of audio each, none waits for ever, and with one job each it is first come first served.
 */
export function turnLength(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
