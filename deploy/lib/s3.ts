/** `put <file> <s3://bucket/key>` or `get <s3://bucket/key> <file>`, piece by piece; keys and endpoint come from `S3_…`. */
import { S3Client } from 'bun';

const [what, from = '', to = ''] = process.argv.slice(2);

function remote(address: string) {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  if (!bucket || !key) throw new Error(`${address} is not s3://bucket/key`);
  return new S3Client({ bucket }).file(key);
}

if (what === 'put') {
  const written = await remote(to).write(Bun.file(from));
  if (written !== Bun.file(from).size)
    throw new Error(`${written} of ${Bun.file(from).size} bytes were written to ${to}`);
} else if (what === 'get') {
  await Bun.write(to, new Response(remote(from).stream()));
} else {
  throw new Error('put or get?');
}
