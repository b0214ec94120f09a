import { test } from 'bun:test';
import { makeDataFolder, startServerProcess } from '../server/server-process.ts';
import { freePort } from '../services/ports.ts';
import { startCrowd } from './crowd.ts';

test('one server with its embedded queue: 300 jobs of 30 users all end done and are heard of, though it is killed in the middle', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeDataFolder());
  const port = freePort();
  const start = () => startServerProcess(folder.path, { GIONG_WORKERS: '2' }, port);
  let server = await start();
  stack.defer(() => server.kill());
  const crowd = await startCrowd(server.url, { users: 30, jobsEach: 10 });
  stack.defer(() => crowd.leave());

  for (const count of [80, 180]) {
    await crowd.reached(count);
    await server.kill();
    server = await start();
  }
  await crowd.expectAllDone();
}, 180_000);
