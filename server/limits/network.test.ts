import { expect, test } from 'bun:test';
import { inNetworks, isNetwork, privateNetworks } from './network.ts';

test('an address, or one with the bits that count', () => {
  const good = ['10.0.0.5', '10.0.0.0/8', '0.0.0.0/0', '::1', 'fd00::/8'];
  expect(good.filter(isNetwork)).toEqual(good);
  expect(
    ['', '10.0.0', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', '10.0.0.0/8/8', 'proxy', '*'].filter(isNetwork),
  ).toEqual([]);
});

test('tells who lies in the networks, however the address is written', () => {
  const isIn = inNetworks(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32']);
  const inside = ['10.1.255.1', '::ffff:10.1.0.1', '192.0.2.7', '2001:db8:1::5'];
  expect(inside.filter(isIn)).toEqual(inside);
  expect(['10.2.0.1', '192.0.2.8', '2001:db9::1', 'proxy', undefined].filter(isIn)).toEqual([]);
});

test('private networks are those that nobody of the public internet comes from', () => {
  const isIn = inNetworks(privateNetworks);
  expect(['127.0.0.1', '172.31.0.9', '::1', 'fd12::1'].every(isIn)).toBe(true);
  expect(['8.8.8.8', '172.32.0.1', '2606:4700::1'].some(isIn)).toBe(false);
});
