import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOf } from './programs.ts';
import { temporaryFolder } from './service.ts';

/** A certificate of our own for this machine, with its key in the same file, as HAProxy wants it. */
export async function makeCertificate(): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder('certificate');
  const [key, certificate, file] = ['key.pem', 'certificate.pem', 'both.pem'].map((name) => join(folder, name));
  const made = Bun.spawnSync([
    ...[pathOf('openssl'), 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...[
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      `${key}`,
      '-out',
      `${certificate}`,
    ],
  ]);
  if (!made.success) throw new Error(`openssl: ${made.stderr}`);
  const parts = await Promise.all([certificate, key].map((part) => readFile(`${part}`, 'utf8')));
  await Bun.write(`${file}`, parts.join(''));
  return { folder, file: `${file}` };
}
