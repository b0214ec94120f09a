import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import pg from 'pg';
import { UnavailableError } from '#core/errors.ts';
import type { OpenedDatabase } from './opened.ts';
import { ColumnsAsInSqlite } from './postgres-columns.ts';
import type { Schema } from './schema.ts';

/** How long a request waits for a free connection, and for an answer, in milliseconds: then the server counts as gone. */
const connectPatience = 5000;
const answerPatience = 30_000;

export function isPostgresUrl(location: string): boolean {
  return /^postgres(ql)?:\/\//.test(location);
}

/**
 * A pool of at most `poolSize` connections, opened when needed and again after the server was away. While it is, questions throw
 * `UnavailableError('storage-unavailable')`.
 */
export function openPostgres(url: string, poolSize: number): OpenedDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'giong',
    keepAlive: true,
    connectionTimeoutMillis: connectPatience,
    query_timeout: answerPatience,
    types: { getTypeParser: parserOf },
  });
  // A connection that breaks while nobody uses it: the pool drops it by itself.
  pool.on('error', ignore);
  const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: watched(pool) }) });
  return {
    database,
    // Kysely lets one process migrate while the others wait.
    migrate: (run) => run(database.withPlugin(new ColumnsAsInSqlite())),
  };
}

const { INT8, NUMERIC } = pg.types.builtins;

/** Counts and sums come as numbers, as SQLite gives them: none of ours reaches 2^53. */
function parserOf(type: number, format?: 'text' | 'binary') {
  if (format !== 'binary' && (type === INT8 || type === NUMERIC)) return Number;
  return pg.types.getTypeParser(type, format);
}

/** The same pool, whose failures are typed and whose broken connections are not used again. */
function watched(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    async connect() {
      return watchedClient(await pool.connect().catch(rethrow));
    },
    end: () => pool.end(),
  };
}

function watchedClient(client: pg.PoolClient): PostgresPoolClient {
  let isBroken = false;
  // Without a listener, a connection that breaks between two questions would end the process.
  client.on('error', ignore);

  function query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query(question: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
    if (typeof question !== 'string') throw new Error('cursors are not used here');
    return client.query(question, [...parameters]).catch((error: unknown) => {
      isBroken ||= isConnectionLost(error);
      rethrow(error);
    });
  }

  return {
    query,
    release(destroy) {
      client.removeListener('error', ignore);
      client.release(isBroken || destroy);
    },
  };
}

/** SQLSTATE classes: connection exception, insufficient resources, operator intervention (such as a shutdown). */
const lostClasses = ['08', '53', '57'];

/** Whether the server is away, rather than the question wrong. */
function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return lostClasses.includes(error.code?.slice(0, 2) ?? '');
  return error instanceof Error && !(error instanceof TypeError);
}

function rethrow(error: unknown): never {
  throw isConnectionLost(error) ? new UnavailableError('storage-unavailable', {}, { cause: error }) : error;
}

function ignore(): void {}
