import { type Check, check, reasonOf } from './check.ts';

/** Whether the server can listen there, or does so already. */
export async function checkPort(host: string, port: number): Promise<Check> {
  try {
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true);
    return check('port', 'good', { vi: `cổng ${port}: còn trống`, en: `port ${port}: free` });
  } catch (error) {
    if (await isGiong(host, port)) {
      return check('port', 'good', { vi: `cổng ${port}: Giọng đang chạy`, en: `port ${port}: Giọng runs there` });
    }
    return check(
      'port',
      'bad',
      {
        vi: `cổng ${port}: không dùng được (${reasonOf(error)})`,
        en: `port ${port}: cannot be used (${reasonOf(error)})`,
      },
      {
        vi: 'Một chương trình khác đang giữ cổng này, hoặc cổng dưới 1024 cần quyền riêng: hãy chọn cổng khác bằng --port hoặc PORT.',
        en: 'Another program holds it, or a port below 1024 needs a privilege: choose another by --port or PORT.',
      },
    );
  }
}

async function isGiong(host: string, port: number): Promise<boolean> {
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  try {
    const response = await fetch(`http://${address}:${port}/ready`, { signal: AbortSignal.timeout(2000) });
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer !== null && 'checks' in answer;
  } catch {
    return false;
  }
}
