import { expect, test } from 'bun:test';
import { clientAddress, isLoopback } from './client-address.ts';

test.each([
  ['192.0.2.1', undefined, 0, '192.0.2.1'],
  ['192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
  ['192.0.2.1', '198.51.100.7, 203.0.113.9', 1, '203.0.113.9'],
  ['192.0.2.1', '198.51.100.7, 203.0.113.9', 2, '198.51.100.7'],
  ['192.0.2.1', undefined, 1, '192.0.2.1'],
  ['::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
  ['2001:DB8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
  ['2001:db8::1', undefined, 0, '2001:db8:0:0::/64'],
  ['::1', undefined, 0, '0:0:0:0::/64'],
  [undefined, undefined, 0, 'unknown'],
])('connected %p, forwarded for %p, %i proxies: %p', (connected, forwardedFor, proxies, address) => {
  expect(clientAddress(connected, forwardedFor, proxies)).toBe(address);
});

test('this machine is told from others', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].filter(isLoopback)).toHaveLength(4);
  expect(['192.0.2.1', '::', '127.0.0.1.example', '2001:db8::1', undefined].filter(isLoopback)).toEqual([]);
});
