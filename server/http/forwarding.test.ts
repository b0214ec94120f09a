import { expect, test } from 'bun:test';
import { Hono } from 'hono';
import { parseConfig } from '../config.ts';
import type { AppContext, AppEnv } from './context.ts';
import { Forwarding } from './forwarding.ts';

/** What a server with this configuration takes a request of this machine for, which claims to come from elsewhere over TLS. */
async function taken(environment: Record<string, string>, headers: Record<string, string>) {
  const forwarding = new Forwarding(parseConfig(environment));
  const app = new Hono<AppEnv>().get('/', (c: AppContext) =>
    c.json({ address: forwarding.addressOf(c), isSecure: forwarding.isSecure(c) }),
  );
  // Only the address of who asks is looked at.
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, self) => app.fetch(request, { server: self }),
  });
  try {
    return await (await fetch(server.url, { headers })).json();
  } finally {
    await server.stop(true);
  }
}

const claims = { 'X-Forwarded-For': '198.51.100.9, 203.0.113.5', 'X-Forwarded-Proto': 'https' };
const believed = { address: '203.0.113.5', isSecure: true };
const ignored = { address: '127.0.0.1', isSecure: false };

test.each([
  [{}, ignored],
  [{ GIONG_PROXIES: '1' }, believed],
  [{ GIONG_PROXIES: '1', GIONG_TRUSTED_PROXIES: '10.0.0.4, 127.0.0.0/8' }, believed],
  [{ GIONG_PROXIES: '1', GIONG_TRUSTED_PROXIES: '10.0.0.4' }, ignored],
  [{ GIONG_TRUSTED_PROXIES: '127.0.0.1' }, ignored],
  [{ GIONG_PROXIES: '2' }, { address: '198.51.100.9', isSecure: true }],
])('with %p', async (environment, expected) => {
  expect(await taken(environment, claims)).toEqual(expected);
});
