import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOf } from './programs.ts';
import { temporaryFolder } from './service.ts';

/** Makes a certificate that signs itself, for this machine's loopback address, and its key: PEM files in the folder. Throws when openssl does. */
export function makeCertificate(folder: string): { readonly key: string; readonly certificate: string } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = Bun.spawnSync([
    ...[pathOf('openssl'), 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ]);
  if (!made.success) throw new Error(`openssl: ${made.stderr}`);
  return { key, certificate };
}

/** The same in a folder of its own, with certificate and key in one file, as HAProxy wants it. */
export async function makeProxyCertificate(): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await temporaryFolder('certificate');
  const { key, certificate } = makeCertificate(folder);
  const file = join(folder, 'both.pem');
  const parts = await Promise.all([certificate, key].map((part) => readFile(part, 'utf8')));
  await Bun.write(file, parts.join(''));
  return { folder, file };
}
