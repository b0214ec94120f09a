import { expect, test } from 'bun:test';
import { isOutage, outlast } from './outage.ts';

const never = new AbortController().signal;

test('an outage is tried again until it is over', async () => {
  const messages = ['READONLY You can’t write against a read only replica.', 'Connection is closed.'];
  const answer = await outlast(
    async () => {
      const message = messages.shift();
      if (message) throw new Error(message);
      return 'done';
    },
    10_000,
    never,
  );
  expect(answer).toBe('done');
});

test('what is no outage is thrown at once', async () => {
  let attempts = 0;
  const failing = outlast(
    async () => {
      attempts++;
      throw new Error('WRONGTYPE Operation against a key holding the wrong kind of value');
    },
    10_000,
    never,
  );
  await expect(failing).rejects.toThrow('WRONGTYPE');
  expect(attempts).toBe(1);
});

test('patience has an end', async () => {
  const failing = outlast(() => Promise.reject(new Error('Command timed out')), 0, never);
  await expect(failing).rejects.toThrow('Command timed out');
});

test('who stops waiting gets the last error', async () => {
  const stopping = new AbortController();
  const failing = outlast(
    async () => {
      stopping.abort();
      throw new Error('CLUSTERDOWN Hash slot not served');
    },
    10_000,
    stopping.signal,
  );
  await expect(failing).rejects.toThrow('CLUSTERDOWN');
});

test('only errors are outages', () => {
  expect(isOutage('Connection is closed.')).toBe(false);
  expect(isOutage(new Error('connect ECONNREFUSED 127.0.0.1:6379'))).toBe(true);
});
