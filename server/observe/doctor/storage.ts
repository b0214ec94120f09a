import { access, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskSpace } from '../machine.ts';
import { type Check, check, gibibyte, inGibibytes, reasonOf } from './check.ts';

const goodFree = 10 * gibibyte;
const leastFree = gibibyte;

/** Whether the data folder can be written, and how much room there is. Leaves nothing behind. */
export async function checkStorage(dataFolder: string): Promise<Check[]> {
  try {
    const place = await nearestFolder(dataFolder);
    const probe = await mkdtemp(join(place, '.giong-doctor-'));
    try {
      await Bun.write(join(probe, 'probe'), 'probe');
    } finally {
      await rm(probe, { recursive: true, force: true });
    }
    const writable = check('data', 'good', {
      vi: `thư mục dữ liệu ${dataFolder}: ghi được`,
      en: `data folder ${dataFolder}: can be written`,
    });
    return [writable, await checkDisk(place)];
  } catch (error) {
    return [
      check(
        'data',
        'bad',
        {
          vi: `thư mục dữ liệu ${dataFolder}: không ghi được (${reasonOf(error)})`,
          en: `data folder ${dataFolder}: cannot be written (${reasonOf(error)})`,
        },
        {
          vi: 'Hãy chọn thư mục khác bằng --data hoặc GIONG_DATA, hoặc trao quyền ghi cho người chạy máy chủ (chown).',
          en: 'Choose another folder by --data or GIONG_DATA, or let the user of the server write there (chown).',
        },
      ),
    ];
  }
}

async function checkDisk(folder: string): Promise<Check> {
  const { freeBytes } = await diskSpace(folder);
  return check(
    'disk',
    freeBytes >= goodFree ? 'good' : freeBytes >= leastFree ? 'warning' : 'bad',
    { vi: `đĩa còn trống ${inGibibytes(freeBytes)}`, en: `${inGibibytes(freeBytes)} of disk are free` },
    {
      vi: 'Hãy dọn bớt đĩa hoặc đặt thư mục dữ liệu ở đĩa khác; một giờ âm thanh WAV cần khoảng 0,2 GiB.',
      en: 'Make room, or put the data folder on another disk; an hour of WAV takes some 0.2 GiB.',
    },
  );
}

/** The folder itself, or where it would be made. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || dirname(folder) === folder) throw error;
    return nearestFolder(dirname(folder));
  }
}
