import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { createInferenceRuntime } from '../../inference.ts';
import { allowedCores } from '../../workers/affinity.ts';
import { type Check, check, gibibyte, inGibibytes, reasonOf } from './check.ts';

/** The smallest module with a vector instruction: `(func (result v128) i32.const 0 i8x16.splat)`. */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);
/** What the server itself takes, and each worker with its engine and a long recording, in bytes. */
const memoryOfServer = 0.5 * gibibyte;
const memoryOfWorker = 0.4 * gibibyte;
/** Sockets, files and database connections of a few hundred users. */
const goodOpenFiles = 8192;
const leastOpenFiles = 1024;
/** Before this the program did not exist. */
const earliest = Date.UTC(2026, 0, 1);

export function hasSimd(): boolean {
  return WebAssembly.validate(simdProbe);
}

/** What this machine is, for so many workers. `limits` is the text of /proc/self/limits, empty where there is none. */
export async function checkMachine(workers: number, limits = readLimits()): Promise<Check[]> {
  return [
    checkCores(workers),
    checkMemory(workers),
    checkSimd(),
    checkThreads(),
    checkPinning(),
    await checkRuntime(),
    checkClock(),
    ...checkLimits(limits),
  ];
}

function checkCores(workers: number): Check {
  const cores = availableParallelism();
  return check(
    'cores',
    cores >= 2 && workers <= cores ? 'good' : 'warning',
    { vi: `${cores} nhân CPU, ${workers} luồng chuyển giọng`, en: `${cores} CPU cores, ${workers} workers` },
    {
      vi:
        workers > cores
          ? 'Nhiều luồng hơn nhân thì không nhanh hơn: hãy đặt GIONG_WORKERS bằng số nhân.'
          : 'Nên có ít nhất 2 nhân, để trang web vẫn nhanh khi đang chuyển giọng.',
      en:
        workers > cores
          ? 'More workers than cores are not faster: set GIONG_WORKERS to the number of cores.'
          : 'Have at least 2 cores, so that the pages stay quick while voices are converted.',
    },
  );
}

function checkMemory(workers: number): Check {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const wanted = memoryOfServer + workers * memoryOfWorker;
  const state = bytes >= wanted ? 'good' : bytes >= wanted / 2 ? 'warning' : 'bad';
  return check(
    'memory',
    state,
    {
      vi: `bộ nhớ ${inGibibytes(bytes)}, nên có ${inGibibytes(wanted)}`,
      en: `memory ${inGibibytes(bytes)}, ${inGibibytes(wanted)} are advisable`,
    },
    { vi: 'Hãy giảm GIONG_WORKERS hoặc thêm bộ nhớ.', en: 'Lower GIONG_WORKERS, or add memory.' },
  );
}

function checkSimd(): Check {
  const simd = hasSimd();
  return check(
    'simd',
    simd ? 'good' : 'bad',
    { vi: `WebAssembly SIMD: ${simd ? 'có' : 'không có'}`, en: `WebAssembly SIMD: ${simd ? 'there' : 'missing'}` },
    { vi: 'Cần CPU x86-64 có SSE4.1 hoặc ARM64.', en: 'An x86-64 CPU with SSE4.1 or an ARM64 one is needed.' },
  );
}

function checkThreads(): Check {
  const isThere =
    typeof SharedArrayBuffer === 'function' && typeof Atomics === 'object' && typeof Worker === 'function';
  return check(
    'threads',
    isThere ? 'good' : 'bad',
    {
      vi: `luồng và bộ nhớ chung: ${isThere ? 'có' : 'không có'}`,
      en: `threads and shared memory: ${isThere ? 'there' : 'missing'}`,
    },
    { vi: 'Hãy chạy bằng Bun đúng phiên bản: npm start.', en: 'Run it with the right version of Bun: npm start.' },
  );
}

function checkPinning(): Check {
  try {
    const cores = allowedCores();
    return check('pinning', 'good', {
      vi: `gắn luồng vào nhân: được, trên ${cores.length} nhân`,
      en: `pinning workers to cores: possible, on ${cores.length} cores`,
    });
  } catch (error) {
    return check(
      'pinning',
      'warning',
      {
        vi: `gắn luồng vào nhân: không được (${reasonOf(error)})`,
        en: `pinning workers to cores: not possible (${reasonOf(error)})`,
      },
      {
        vi: 'Vẫn chạy được, chỉ chậm hơn đôi chút; tốt nhất là chạy trên Linux.',
        en: 'It works without, a little slower; Linux is best.',
      },
    );
  }
}

async function checkRuntime(): Promise<Check> {
  const { name } = await createInferenceRuntime('auto', 1);
  const isNative = name === 'native';
  return check('runtime', 'good', {
    vi: `ONNX Runtime: ${isNative ? 'bản gốc (onnxruntime-node)' : 'WebAssembly; cài thêm onnxruntime-node thì nhanh hơn'}`,
    en: `ONNX Runtime: ${isNative ? 'native (onnxruntime-node)' : 'WebAssembly; with onnxruntime-node installed it is faster'}`,
  });
}

function checkClock(): Check {
  const now = new Date();
  return check(
    'clock',
    now.getTime() >= earliest ? 'good' : 'bad',
    { vi: `đồng hồ: ${now.toISOString()}`, en: `clock: ${now.toISOString()}` },
    {
      vi: 'Đồng hồ sai: hãy bật đồng bộ giờ (timedatectl set-ntp true).',
      en: 'The clock is wrong: turn time synchronisation on (timedatectl set-ntp true).',
    },
  );
}

function checkLimits(text: string): Check[] {
  const softLimit = (name: string) => {
    const value = new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1];
    return value === undefined || value === 'unlimited' ? Number.POSITIVE_INFINITY : Number(value);
  };
  const checks: Check[] = [];
  const openFiles = softLimit('Max open files');
  checks.push(
    check(
      'open-files',
      openFiles >= goodOpenFiles ? 'good' : openFiles >= leastOpenFiles ? 'warning' : 'bad',
      { vi: `số tệp được mở cùng lúc: ${shown(openFiles, 'vi')}`, en: `files open at once: ${shown(openFiles, 'en')}` },
      {
        vi: 'Hãy tăng lên: ulimit -n 65536, hoặc LimitNOFILE=65536 trong systemd.',
        en: 'Raise it: ulimit -n 65536, or LimitNOFILE=65536 in systemd.',
      },
    ),
  );
  const addressSpace = softLimit('Max address space');
  checks.push(
    check(
      'address-space',
      addressSpace === Number.POSITIVE_INFINITY ? 'good' : 'bad',
      {
        vi: `bộ nhớ ảo: ${Number.isFinite(addressSpace) ? inGibibytes(addressSpace) : 'không giới hạn'}`,
        en: `virtual memory: ${Number.isFinite(addressSpace) ? inGibibytes(addressSpace) : 'no limit'}`,
      },
      {
        vi: 'Bun giữ chỗ nhiều bộ nhớ ảo hơn nó dùng: hãy bỏ ulimit -v, và giới hạn bằng MemoryMax của systemd hoặc GIONG_PROCESS_MEMORY.',
        en: 'Bun reserves more virtual memory than it uses: remove ulimit -v, and bound it by MemoryMax of systemd or GIONG_PROCESS_MEMORY.',
      },
    ),
  );
  const cpuSeconds = softLimit('Max cpu time');
  checks.push(
    check(
      'cpu-time',
      cpuSeconds === Number.POSITIVE_INFINITY ? 'good' : 'bad',
      { vi: `thời gian CPU: ${shown(cpuSeconds, 'vi')}`, en: `CPU time: ${shown(cpuSeconds, 'en')}` },
      {
        vi: 'Hết số giây này hệ thống sẽ giết máy chủ: hãy bỏ ulimit -t; mỗi tác vụ đã có giới hạn riêng (GIONG_JOB_SECONDS_BASE).',
        en: 'After that many seconds the system kills the server: remove ulimit -t; each job has its own limit (GIONG_JOB_SECONDS_BASE).',
      },
    ),
  );
  return checks;
}

function shown(limit: number, language: 'vi' | 'en'): string {
  if (Number.isFinite(limit)) return String(limit);
  return language === 'vi' ? 'không giới hạn' : 'no limit';
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
