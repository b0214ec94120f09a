import { InputError } from '#core/errors.ts';
import type { Config } from '../config.ts';
import { LocalFileStore } from './local.ts';
import { S3FileStore, type S3Settings } from './s3.ts';
import type { FileStore } from './store.ts';

/** Where files lie. Plain data: it goes to worker threads, and holds secrets, so it is never logged. */
export type FileStoreSettings =
  | { readonly kind: 'local'; readonly folder: string }
  | { readonly kind: 's3'; readonly s3: S3Settings };

export function openFileStore(settings: FileStoreSettings): FileStore {
  return settings.kind === 's3' ? new S3FileStore(settings.s3) : new LocalFileStore(settings.folder);
}

/** What the configuration asks for. Throws `InputError('option-invalid', { field })` for a bucket without its keys. */
export function fileStoreSettings(config: Config): FileStoreSettings {
  const { s3Bucket: bucket, s3Endpoint: endpoint, s3Region: region } = config;
  if (bucket === undefined) return { kind: 'local', folder: config.dataFolder };
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config;
  if (accessKeyId === undefined) throw new InputError('option-invalid', { field: 'S3_ACCESS_KEY_ID' });
  if (secretAccessKey === undefined) throw new InputError('option-invalid', { field: 'S3_SECRET_ACCESS_KEY' });
  return { kind: 's3', s3: { bucket, endpoint, region, accessKeyId, secretAccessKey } };
}
