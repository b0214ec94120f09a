import { fileStoreSettings } from '../../files/open.ts';
import { S3FileStore, type S3Settings } from '../../files/s3.ts';
import { isKey } from '../../files/store.ts';
import { newToken } from '../../ids.ts';
import { type Check, check, reasonOf } from './check.ts';

type BucketConfig = Parameters<typeof fileStoreSettings>[0];

/** Services refuse requests whose time is 15 minutes off. */
const mostSkewSeconds = 60;
const patienceMilliseconds = 5000;

/** What a service's own codes mean for whoever set it up. */
const advices: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  NoSuchBucket: {
    vi: 'Kho không tồn tại: hãy xem lại S3_BUCKET và S3_REGION, hoặc tạo kho.',
    en: 'There is no such bucket: see S3_BUCKET and S3_REGION, or make it.',
  },
  AccessDenied: {
    vi: 'Khóa không đủ quyền: cần ListBucket, GetObject, PutObject, DeleteObject trên kho này.',
    en: 'The keys may not: they need ListBucket, GetObject, PutObject and DeleteObject for this bucket.',
  },
  RequestTimeTooSkewed: {
    vi: 'Đồng hồ của máy này sai: hãy bật đồng bộ giờ (timedatectl set-ntp true).',
    en: 'The clock of this machine is wrong: turn time synchronisation on (timedatectl set-ntp true).',
  },
};
const otherwise = {
  vi: 'Hãy xem S3_ENDPOINT, S3_REGION, S3_BUCKET và hai khóa có đúng không, tường lửa có chặn không.',
  en: 'See whether S3_ENDPOINT, S3_REGION, S3_BUCKET and the two keys are right, and whether a firewall is between.',
};

/** Whether the bucket for users' files is there, is ours, and does what the server does with it. Leaves nothing behind. */
export async function checkBucket(config: BucketConfig): Promise<Check[]> {
  let place = `S3 ${config.s3Bucket}`;
  try {
    const settings = fileStoreSettings(config);
    if (settings.kind !== 's3') return [];
    place = `S3 ${settings.s3.bucket} (${hostOf(settings.s3)})`;
    const store = new S3FileStore(settings.s3);
    const checks = [await checkContent(store, place)];
    if (checks.every(({ state }) => state !== 'bad')) checks.push(await checkUse(store, place));
    return [...checks, ...(await checkClock(settings.s3))];
  } catch (error) {
    return [failed('s3', place, error)];
  }
}

/** Whether it can be listed, and holds what a server puts there or nothing. */
async function checkContent(store: S3FileStore, place: string): Promise<Check> {
  const first = await Array.fromAsync(firstOf(store.list(), 20), ({ key }) => key);
  const strangers = first.filter((key) => !isKey(key));
  const isOurs = strangers.length < Math.max(first.length, 1);
  return check(
    's3',
    isOurs ? 'good' : 'warning',
    isOurs
      ? { vi: `${place}: đọc được`, en: `${place}: answers` }
      : {
          vi: `${place}: chỉ có tệp lạ, như ${strangers[0]}`,
          en: `${place}: holds other things only, such as ${strangers[0]}`,
        },
    {
      vi: 'Có lẽ đây là kho của việc khác: hãy xem lại S3_BUCKET.',
      en: 'This may be a bucket for something else: see S3_BUCKET.',
    },
  );
}

/** Writes, reads and deletes a small file. */
async function checkUse(store: S3FileStore, place: string): Promise<Check> {
  const key = `giong-doctor/${newToken()}`;
  try {
    await store.write(key, new TextEncoder().encode('probe'));
    const read = await (await store.open(key)).bytes();
    await store.remove(key);
    if (new TextDecoder().decode(read) !== 'probe') throw new Error('what was read is not what was written');
    return check('s3-write', 'good', {
      vi: `${place}: ghi, đọc, xóa được`,
      en: `${place}: can be written, read, deleted`,
    });
  } catch (error) {
    return failed('s3-write', place, error);
  }
}

/** Signatures hold for some minutes only. */
async function checkClock({ endpoint, region = 'us-east-1' }: S3Settings): Promise<Check[]> {
  const url = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const { headers } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(patienceMilliseconds) });
  const skew = Math.abs(Date.now() - Date.parse(headers.get('Date') ?? '')) / 1000;
  // A service that does not tell is believed to be right.
  if (Number.isNaN(skew)) return [];
  return [
    check(
      's3-clock',
      skew <= mostSkewSeconds ? 'good' : 'warning',
      { vi: `đồng hồ của S3 lệch ${skew.toFixed(0)} giây`, en: `the clock of S3 is ${skew.toFixed(0)} seconds apart` },
      advices.RequestTimeTooSkewed,
    ),
  ];
}

function failed(id: string, place: string, error: unknown): Check {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = [code, reasonOf(cause)].filter(Boolean).join(': ');
  const finding = { vi: `${place}: không dùng được (${reason})`, en: `${place}: cannot be used (${reason})` };
  return check(id, 'bad', finding, advices[code] ?? otherwise);
}

async function* firstOf<Item>(items: AsyncIterable<Item>, most: number): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    if (count++ >= most) return;
    yield item;
  }
}

function hostOf({ endpoint, region }: S3Settings): string {
  return (endpoint && URL.parse(endpoint)?.host) ?? region ?? 'Amazon';
}
