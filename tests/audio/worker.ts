import { type AudioTask, runTask } from './task.ts';

/** Runs audio tasks in a worker, of a browser or of Bun. */
addEventListener('message', async ({ data }: MessageEvent<AudioTask>) => {
  try {
    postMessage({ result: await runTask(data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
