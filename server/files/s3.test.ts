import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isMotoInstalled, type Moto, needsMoto, startMoto } from '../../tests/services/moto.ts';
import { freePort } from '../../tests/services/ports.ts';
import { until } from '../../tests/services/until.ts';
import { parseConfig } from '../config.ts';
import { fileStoreSettings, openFileStore } from './open.ts';
import { S3FileStore } from './s3.ts';
import { chunks, describeFileStore, textOf } from './store.contract.ts';

describe.skipIf(!isMotoInstalled)(`S3${needsMoto}`, () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto.stop(), 60_000);

  describeFileStore('file store', async () => new S3FileStore(await moto.createBucket()));

  test('a write that fails leaves no parts behind', async () => {
    const settings = await moto.createBucket();
    async function* failing() {
      for (let index = 0; index < 20; index++) yield new Uint8Array(2 ** 20);
      throw new Error('no more');
    }
    await expect(new S3FileStore(settings).write('w_1/uploads/u_1', failing())).rejects.toThrow('no more');
    // Its end is sent behind the failure.
    await until('no unfinished upload', async () => {
      const uploads = await (await fetch(`${moto.url}/${settings.bucket}?uploads`)).text();
      return uploads.includes('ListMultipartUploadsResult') && !uploads.includes('<UploadId>');
    });
  });

  test('never holds a whole file', async () => {
    const store = new S3FileStore(await moto.createBucket());
    const total = 96;
    let made = 0;
    let most = 0;
    async function* large() {
      for (let index = 0; index < total; index++) {
        made++;
        yield new Uint8Array(2 ** 20);
        most = Math.max(most, process.memoryUsage().external);
      }
    }
    Bun.gc(true);
    const before = process.memoryUsage().external;
    await store.write('w_1/uploads/u_1', large());
    expect(made).toBe(total);
    expect(most - before).toBeLessThan(64 * 2 ** 20);
  }, 60_000);

  test('lists beyond one page', async () => {
    const store = new S3FileStore(await moto.createBucket());
    const keys = Array.from({ length: 1010 }, (_, index) => `w_1/uploads/u_${index}`);
    for (let start = 0; start < keys.length; start += 50) {
      await Promise.all(keys.slice(start, start + 50).map((key) => store.write(key, chunks('x'))));
    }
    expect((await Array.fromAsync(store.list('w_1'))).map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
  }, 30_000);

  test('the store of the configuration', async () => {
    const settings = await moto.createBucket();
    const { bucket, endpoint, region, accessKeyId, secretAccessKey } = settings;
    const keys = { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey };
    const config = parseConfig({ S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region, ...keys });
    const store = openFileStore(structuredClone(fileStoreSettings(config)));
    await store.write('w_1/uploads/u_1', chunks('x'));
    expect(await textOf(await new S3FileStore(settings).open('w_1/uploads/u_1'))).toBe('x');
  });
});

test('a bucket needs its keys', () => {
  expect(() => fileStoreSettings(parseConfig({ S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'a' }))).toThrow(
    expect.objectContaining({ code: 'option-invalid', details: { field: 'S3_SECRET_ACCESS_KEY' } }),
  );
});

test('a service that cannot be reached is a typed error', async () => {
  const endpoint = `http://127.0.0.1:${freePort()}`;
  const store = new S3FileStore({ bucket: 'bucket', endpoint, accessKeyId: 'a', secretAccessKey: 'b' });
  const unavailable = { name: 'UnavailableError', code: 'storage-unavailable' };
  await expect(store.ping()).rejects.toMatchObject(unavailable);
  await expect(store.open('w_1/uploads/u_1')).rejects.toMatchObject(unavailable);
  await expect(store.write('w_1/uploads/u_1', chunks('x'))).rejects.toMatchObject(unavailable);
  await expect(store.remove('w_1/uploads/u_1')).rejects.toMatchObject(unavailable);
  await expect(store.removeAll('w_1')).rejects.toMatchObject(unavailable);
});
