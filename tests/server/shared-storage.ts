import { isMotoInstalled, needsMoto, startMoto } from '../services/moto.ts';
import { type Postgres, startPostgres } from '../services/postgres.ts';
import { isInstalled, needs } from '../services/programs.ts';

/** PostgreSQL and S3, as a server's environment names them. */
export interface SharedStorage {
  readonly environment: Readonly<Record<string, string>>;
  readonly postgres: Postgres;
  stop(): Promise<void>;
}

export const hasSharedStorage = isInstalled('postgres') && isMotoInstalled;
export const needsSharedStorage = needs('postgres') || needsMoto;

/** Starts both, empty. */
export async function startSharedStorage(): Promise<SharedStorage> {
  const [postgres, moto] = await Promise.all([startPostgres(), startMoto()]);
  const { bucket, endpoint, region, accessKeyId, secretAccessKey } = await moto.createBucket();
  return {
    postgres,
    environment: {
      DATABASE_URL: await postgres.createDatabase(),
      DATABASE_POOL: '4',
      S3_BUCKET: bucket,
      S3_ENDPOINT: endpoint ?? '',
      S3_REGION: region ?? '',
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
    async stop() {
      await Promise.all([postgres.stop(), moto.stop()]);
    },
  };
}
