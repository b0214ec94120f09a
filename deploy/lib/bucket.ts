/**
 * `save <folder>` copies the files of the server's bucket below `<folder>/files`, those that are not there yet; `fill <folder>` puts
 * them into the bucket; `count` prints how many the bucket has. The bucket is that of `S3_BUCKET` and its companions, as the server's.
 */
import { parseConfig } from '#server/config.ts';
import { LocalFileStore } from '#server/files/local.ts';
import { fileStoreSettings, openFileStore } from '#server/files/open.ts';
import { type FileStore, isKey } from '#server/files/store.ts';

const atOnce = 8;

const [what, folder = ''] = process.argv.slice(2);
const bucket = openFileStore(fileStoreSettings(parseConfig(process.env)));

/** Copies what `to` lacks. What vanishes meanwhile somebody has deleted. */
async function copy(from: FileStore, to: FileStore): Promise<void> {
  const there = new Set(await keysOf(to));
  const missing = (await keysOf(from)).filter((key) => !there.has(key)).values();
  const lane = async () => {
    for (const key of missing) {
      const content = await from.open(key).catch((error: { code?: string }) => {
        if (error.code !== 'not-found') throw error;
      });
      if (content) await to.write(key, content.stream());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Other things may lie in a bucket: only what a server can have made. */
async function keysOf(store: FileStore): Promise<string[]> {
  return (await Array.fromAsync(store.list(), ({ key }) => key)).filter(isKey);
}

if (what === 'save') await copy(bucket, new LocalFileStore(folder));
else if (what === 'fill') await copy(new LocalFileStore(folder), bucket);
else if (what === 'count') console.log((await keysOf(bucket)).length);
else throw new Error('save, fill or count?');
