import { describe, expect, test } from 'bun:test';
import { resolve } from 'node:path';
import { configVariables, parseConfig } from './config.ts';
import { redisVariables } from './redis/settings.ts';

describe('configuration', () => {
  test('has a default for everything', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({ port: 8080, maxUploadBytes: 104_857_600, maxAudioSeconds: 3600, logLevel: 'info' });
    expect(config.dataFolder).toBe(resolve('data'));
    expect(config.workers).toBeGreaterThan(0);
  });

  test('a flag wins over the environment, and an empty variable is none', () => {
    expect(parseConfig({ PORT: '9000', GIONG_WORKERS: '3' }, { port: '0' })).toMatchObject({ port: 0, workers: 3 });
    expect(parseConfig({ PORT: '' }).port).toBe(8080);
    expect(parseConfig({ GIONG_WORKERS: '0' }).workers).toBe(0);
  });

  test('a rate is so many requests in so many seconds, or none', () => {
    expect(parseConfig({}).rateVoices).toEqual({ requests: 3, seconds: 3600 });
    expect(parseConfig({ GIONG_RATE_CONVERT: '7/30' }).rateConvert).toEqual({ requests: 7, seconds: 30 });
    expect(parseConfig({ GIONG_RATE_GENERAL: '0' }).rateGeneral).toBeNull();
  });

  test('bytes may come in units of 1024', () => {
    const config = parseConfig({
      GIONG_WORKER_MEMORY: '1.5G',
      GIONG_PROCESS_MEMORY: '4g',
      GIONG_VOICE_CACHE_BYTES: '1000',
    });
    expect(config).toMatchObject({ workerMemory: 1_610_612_736, processMemory: 4_294_967_296, voiceCacheBytes: 1000 });
  });

  test.each([
    [{ GIONG_WORKER_MEMORY: 'much' }, {}, 'GIONG_WORKER_MEMORY'],
    [{ PORT: 'http' }, {}, 'PORT'],
    [{ GIONG_TRUSTED_PROXIES: '10.0.0.0/8, haproxy' }, {}, 'GIONG_TRUSTED_PROXIES'],
    [{ GIONG_WORKERS: '65' }, {}, 'GIONG_WORKERS'],
    [{ GIONG_MAX_UPLOAD_BYTES: '-1' }, {}, 'GIONG_MAX_UPLOAD_BYTES'],
    [{ GIONG_LOG: 'loud' }, {}, 'GIONG_LOG'],
    [{ GIONG_RATE_CONVERT: 'five' }, {}, 'GIONG_RATE_CONVERT'],
    [{ GIONG_RATE_CONVERT: '5/0' }, {}, 'GIONG_RATE_CONVERT'],
    [{ DATABASE_POOL: '0' }, {}, 'DATABASE_POOL'],
    [{ S3_ENDPOINT: 'files.example' }, {}, 'S3_ENDPOINT'],
    [{ GIONG_KEEP_DAYS: '-1' }, {}, 'GIONG_KEEP_DAYS'],
    [{ PORT: '80' }, { port: '70000' }, '--port'],
  ])('names what is wrong in %o %o', (environment, flags, field) => {
    expect(() => parseConfig(environment, flags)).toThrow(
      expect.objectContaining({ code: 'option-invalid', details: expect.objectContaining({ field }) }),
    );
  });

  test('a secret that is wrong is not repeated', () => {
    expect(() => parseConfig({ DATABASE_URL: 'mysql://giong:geheim@db' })).toThrow(
      expect.objectContaining({ details: { field: 'DATABASE_URL', value: '' } }),
    );
  });
});

test.each(['en/configuration.md', 'vi/cau-hinh.md'])('every variable is told of in docs/%s', async (name) => {
  const text = await Bun.file(new URL(`../docs/${name}`, import.meta.url)).text();
  const variables = [...Object.values(configVariables), ...Object.values(redisVariables)];
  expect(variables.filter((variable) => !text.includes(`\`${variable}\``))).toEqual([]);
});
