import { describe, expect, test } from 'bun:test';
import { describeRedis, parseRedisSettings } from './settings.ts';

describe('where Redis is', () => {
  test('nowhere, unless configured; an empty variable counts as not set', () => {
    expect(parseRedisSettings({})).toBeUndefined();
    expect(parseRedisSettings({ REDIS_URL: '', REDIS_PASSWORD: 'unused' })).toBeUndefined();
  });

  test('one server, by its URL', () => {
    expect(parseRedisSettings({ REDIS_URL: 'redis://localhost' })).toEqual({
      mode: 'single',
      address: { host: 'localhost', port: 6379 },
      database: 0,
      tls: false,
    });
    expect(parseRedisSettings({ REDIS_URL: 'rediss://giong:p%40ss@[::1]:7000/3' })).toEqual({
      mode: 'single',
      address: { host: '::1', port: 7000 },
      database: 3,
      username: 'giong',
      password: 'p@ss',
      tls: true,
    });
  });

  test('a password can stand beside the URL', () => {
    expect(parseRedisSettings({ REDIS_URL: 'redis://h', REDIS_PASSWORD: 'secret' })).toMatchObject({
      password: 'secret',
    });
  });

  test('a cluster, by some of its nodes', () => {
    expect(parseRedisSettings({ REDIS_CLUSTER: 'one:7000, two', REDIS_PASSWORD: 'secret', REDIS_TLS: 'true' })).toEqual(
      {
        mode: 'cluster',
        nodes: [
          { host: 'one', port: 7000 },
          { host: 'two', port: 6379 },
        ],
        password: 'secret',
        tls: true,
      },
    );
  });

  test('a master, by the sentinels that know it', () => {
    expect(
      parseRedisSettings({ REDIS_SENTINELS: 'one,two:26380', REDIS_MASTER: 'giong', REDIS_SENTINEL_PASSWORD: 's' }),
    ).toEqual({
      mode: 'sentinel',
      sentinels: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 26380 },
      ],
      master: 'giong',
      sentinelPassword: 's',
      tls: false,
    });
    expect(parseRedisSettings({ REDIS_SENTINELS: 'one' })).toMatchObject({ master: 'mymaster' });
  });

  test.each([
    [{ REDIS_URL: 'http://localhost' }, 'REDIS_URL'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL'],
    [{ REDIS_URL: 'redis://localhost/one' }, 'REDIS_URL'],
    [{ REDIS_URL: 'redis://one', REDIS_CLUSTER: 'two' }, 'REDIS_URL'],
    [{ REDIS_CLUSTER: 'one,,two' }, 'REDIS_CLUSTER'],
    [{ REDIS_CLUSTER: 'one:port' }, 'REDIS_CLUSTER'],
    [{ REDIS_SENTINELS: 'one/1' }, 'REDIS_SENTINELS'],
    [{ REDIS_CLUSTER: 'one', REDIS_TLS: 'maybe' }, 'REDIS_TLS'],
  ])('%j is refused by the name of its variable', (environment, field) => {
    expect(() => parseRedisSettings(environment)).toThrow(
      expect.objectContaining({ code: 'option-invalid', details: expect.objectContaining({ field }) }),
    );
  });

  test('no error and no description repeats a password', () => {
    const error = (() => {
      try {
        parseRedisSettings({ REDIS_URL: 'redis://user:hush@host/one' });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(JSON.stringify(error)).not.toContain('hush');
    const settings = parseRedisSettings({ REDIS_URL: 'rediss://user:hush@host/1' });
    expect(settings && describeRedis(settings)).toBe('Redis host:6379/1 (TLS)');
  });
});
