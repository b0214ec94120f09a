import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Kinds of files that may shrink. Fonts, pictures and recordings are compressed in themselves. */
const compressible = '**/*.{js,css,html,svg,json,webmanifest,wasm,onnx}';
/** Smaller files fit in the first packets anyway. Bytes. */
const smallest = 1024;
/** A copy that saves less is not worth its place. */
const smallestSaving = 0.1;
/** Larger files are compressed less hard: ONNX Runtime's module takes two seconds instead of a minute. Bytes. */
const largestAtBest = 2 ** 21;

/**
 * Writes `name.br` (Brotli, RFC 7932) and `name.gz` (gzip, RFC 1952) beside each file of `folder` that shrinks by it, for the server
 * to send in place of the file.
 */
export async function precompress(folder: string): Promise<void> {
  const paths = await Array.fromAsync(new Bun.Glob(compressible).scan({ cwd: folder, absolute: true }));
  await Promise.all(paths.map(compressFile));
}

async function compressFile(path: string): Promise<void> {
  const content = await Bun.file(path).bytes();
  if (content.length < smallest) return;
  const copies = { br: await brotli(content), gz: await promisify(gzip)(content, { level: 9 }) };
  for (const [extension, copy] of Object.entries(copies)) {
    if (copy.length <= content.length * (1 - smallestSaving)) await Bun.write(`${path}.${extension}`, copy);
  }
}

function brotli(content: Uint8Array): Promise<Buffer> {
  const quality = content.length > largestAtBest ? 9 : constants.BROTLI_MAX_QUALITY;
  return promisify(brotliCompress)(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
}
