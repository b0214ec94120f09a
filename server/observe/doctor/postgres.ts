import { SQL } from 'bun';
import { isDatabaseClaimed } from '../../data/claim-database.ts';
import { type Check, check, reasonOf } from './check.ts';

const leastVersion = 13;

/** Whether PostgreSQL answers, where it is configured at all, and whether a server without Redis has it to itself. */
export async function checkPostgres(url: string | undefined, hasRedis: boolean): Promise<Check[]> {
  if (!url) return [];
  const place = URL.parse(url)?.host ?? '';
  const sql = new SQL(url, { max: 1, connectionTimeout: 5 });
  try {
    const [row] =
      await sql`SELECT current_setting('server_version') AS version, has_schema_privilege(current_schema(), 'CREATE') AS writable`;
    const version = String(row?.version);
    const isGood = Number.parseInt(version, 10) >= leastVersion && row?.writable === true;
    const answer = [
      check(
        'postgres',
        isGood ? 'good' : 'bad',
        {
          vi: `PostgreSQL ${place}: phiên bản ${version}${row?.writable === true ? '' : ', không được tạo bảng'}`,
          en: `PostgreSQL ${place}: version ${version}${row?.writable === true ? '' : ', may not create tables'}`,
        },
        {
          vi: `Cần phiên bản ${leastVersion} trở lên, và quyền tạo bảng (GRANT CREATE ON SCHEMA public).`,
          en: `Version ${leastVersion} or newer is needed, and the right to create tables (GRANT CREATE ON SCHEMA public).`,
        },
      ),
    ];
    return hasRedis ? answer : [...answer, checkAlone(await isDatabaseClaimed(url))];
  } catch (error) {
    return [
      check(
        'postgres',
        'bad',
        {
          vi: `PostgreSQL ${place}: không kết nối được (${reasonOf(error)})`,
          en: `PostgreSQL ${place}: cannot be reached (${reasonOf(error)})`,
        },
        {
          vi: 'Hãy xem PostgreSQL có chạy không và DATABASE_URL có đúng không.',
          en: 'See whether PostgreSQL runs, and whether DATABASE_URL is right.',
        },
      ),
    ];
  } finally {
    await sql.close();
  }
}

/** Without Redis there may be one server on a database: a second one does not start. */
function checkAlone(isClaimed: boolean): Check {
  return check(
    'postgres-alone',
    isClaimed ? 'warning' : 'good',
    isClaimed
      ? {
          vi: 'PostgreSQL không kèm Redis: đã có một máy chủ đang dùng',
          en: 'PostgreSQL without Redis: a server uses it now',
        }
      : { vi: 'PostgreSQL không kèm Redis: chỉ cho một máy chủ', en: 'PostgreSQL without Redis: for one server alone' },
    {
      vi: 'Nếu đó không phải máy chủ của chính máy này: muốn thêm máy chủ thì hãy cài Redis và đặt REDIS_URL trên mọi máy.',
      en: "Unless that is this machine's own server: more than one need a Redis, named by REDIS_URL on each machine.",
    },
  );
}
