import { Cluster, type Redis } from 'ioredis';
import { connectRedis, disconnectRedis } from '../../redis/connection.ts';
import { describeRedis, type RedisSettings } from '../../redis/settings.ts';
import { createLogger } from '../log.ts';
import { type Check, check, reasonOf } from './check.ts';

const commandMilliseconds = 3000;
/** What BullMQ asks for. */
const leastVersion = [6, 2];
const mostSkewSeconds = 5;

/** Whether Redis is there within `connectSeconds` and keeps what the queue puts into it; each master of a cluster is asked. */
export async function checkRedis(settings: RedisSettings | undefined, connectSeconds = 5): Promise<Check[]> {
  if (!settings) {
    const none = {
      vi: 'Redis: không dùng, hàng đợi nằm ngay trong máy này',
      en: 'Redis: not used, the queue is on this machine',
    };
    return [check('redis', 'good', none)];
  }
  const name = describeRedis(settings);
  try {
    const options = { name: 'giong-doctor', log: createLogger('silent'), commandTimeout: commandMilliseconds };
    const client = await connectRedis(settings, { ...options, connectSeconds });
    try {
      const masters = client instanceof Cluster ? client.nodes('master') : [client];
      const reached = check('redis', 'good', { vi: `${name}: kết nối được`, en: `${name}: answers` });
      return [reached, ...(await Promise.all(masters.map(checkServer))).flat()];
    } finally {
      await disconnectRedis(client);
    }
  } catch (error) {
    return [
      check(
        'redis',
        'bad',
        {
          vi: `${name}: không kết nối được (${reasonOf(error)})`,
          en: `${name}: cannot be reached (${reasonOf(error)})`,
        },
        {
          vi: 'Hãy xem Redis có chạy không, địa chỉ và mật khẩu (REDIS_URL, REDIS_CLUSTER, REDIS_SENTINELS) có đúng không, tường lửa có chặn không.',
          en: 'See whether Redis runs, whether address and password (REDIS_URL, REDIS_CLUSTER, REDIS_SENTINELS) are right, and whether a firewall is between.',
        },
      ),
    ];
  }
}

async function checkServer(server: Redis): Promise<Check[]> {
  const fields = new Map<string, string>();
  for (const section of ['server', 'memory', 'persistence']) {
    for (const line of (await server.info(section)).split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
    }
  }
  const [seconds] = await server.time();
  return [
    checkVersion(fields.get('redis_version') ?? '0'),
    checkEviction(fields.get('maxmemory_policy') ?? '?'),
    checkPersistence(
      fields.get('aof_enabled') === '1',
      await snapshotsOf(server),
      fields.get('rdb_last_bgsave_status'),
    ),
    checkSkew(Date.now() / 1000 - Number(seconds)),
  ];
}

function checkVersion(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = leastVersion;
  const isNew = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return check(
    'redis-version',
    isNew ? 'good' : 'bad',
    { vi: `Redis phiên bản ${version}`, en: `Redis version ${version}` },
    {
      vi: `Hãy nâng lên ${leastVersion.join('.')} hoặc mới hơn.`,
      en: `Update it to ${leastVersion.join('.')} or newer.`,
    },
  );
}

function checkEviction(policy: string): Check {
  return check(
    'redis-eviction',
    policy === 'noeviction' ? 'good' : 'bad',
    { vi: `Redis khi đầy bộ nhớ: ${policy}`, en: `Redis when its memory is full: ${policy}` },
    {
      vi: 'Redis có thể xóa tác vụ đang chờ: hãy đặt maxmemory-policy noeviction trong redis.conf.',
      en: 'Redis may drop jobs that wait: set maxmemory-policy noeviction in redis.conf.',
    },
  );
}

function checkPersistence(hasLog: boolean, snapshots: string, lastSave: string | undefined): Check {
  const ways = [hasLog && 'AOF', snapshots !== '' && `RDB ${snapshots}`].filter(Boolean).join(', ');
  const failed = snapshots !== '' && lastSave === 'err';
  const [vi, en] = failed ? [' (lần ghi gần nhất bị lỗi)', ' (the last save failed)'] : ['', ''];
  return check(
    'redis-persistence',
    ways !== '' && !failed ? 'good' : 'warning',
    { vi: `Redis ghi xuống đĩa: ${ways || 'không'}${vi}`, en: `Redis writes to disk: ${ways || 'no'}${en}` },
    {
      vi: 'Khi Redis khởi động lại, hàng đợi phải dựng lại từ cơ sở dữ liệu: hãy bật appendonly yes, và xem đĩa của Redis còn chỗ không.',
      en: 'After a restart of Redis the queue has to be made again from the database: set appendonly yes, and see that its disk has room.',
    },
  );
}

function checkSkew(seconds: number): Check {
  return check(
    'redis-clock',
    Math.abs(seconds) <= mostSkewSeconds ? 'good' : 'warning',
    {
      vi: `đồng hồ của Redis lệch ${Math.abs(seconds).toFixed(0)} giây`,
      en: `the clock of Redis is ${Math.abs(seconds).toFixed(0)} seconds apart`,
    },
    { vi: 'Hãy bật đồng bộ giờ (NTP) trên cả hai máy.', en: 'Turn time synchronisation (NTP) on on both machines.' },
  );
}

/** When it writes snapshots; empty for never, or where asking is forbidden. */
async function snapshotsOf(server: Redis): Promise<string> {
  try {
    const answer = await server.config('GET', 'save');
    return Array.isArray(answer) ? String(answer[1] ?? '') : '';
  } catch {
    return '';
  }
}
