import { wordsOf } from '../../i18n/index.ts';

interface EngineWords {
  readonly name: string;
  readonly purpose: string;
}

const vi = {
  title: 'Bộ chuyển giọng',
  engines: {
    mini: { name: 'Giọng mini', purpose: 'Nhanh, có sẵn trong ứng dụng.' },
    'seed-vc-fast': { name: 'Seed-VC nhanh', purpose: 'Giống giọng mẫu hơn, chậm hơn nhiều.' },
    'seed-vc-base': { name: 'Seed-VC chuẩn', purpose: 'Giống và tự nhiên hơn nữa, rất chậm.' },
    'seed-vc-hifi': { name: 'Seed-VC hát', purpose: 'Cho bài hát: giữ giai điệu. Chậm nhất.' },
  } as Record<string, EngineWords>,
  places: {
    both: 'trên máy chủ và máy này',
    server: 'trên máy chủ',
    here: 'trên máy này',
    nowhere: 'hiện không dùng được',
  },
  estimate: (seconds: string) => `ước chừng ${seconds}`,
  unmeasured: 'chưa đo tốc độ',
  more: 'Mô hình trên máy chủ',
  voiceMismatch: (voice: string) =>
    `Giọng đã lưu “${voice}” chưa dùng được với bộ này vì bản mẫu của nó không được giữ lại. Hãy chọn giọng khác, hoặc tạo lại giọng từ bản mẫu.`,
  seedVc: {
    steps: 'Số bước',
    stepsHint: 'Nhiều bước thì sạch hơn và chậm hơn. Thường 10 là đủ.',
    cfg: 'Mức bám giọng mẫu',
    cfgHint: '0 nhanh gấp đôi nhưng kém giống.',
    every: 'Tính lại mức bám',
    everyHint: 'Thưa hơn thì nhanh hơn, kết quả hơi khác: cách một bước bớt một phần tư thời gian khuếch tán.',
    everyValue: (steps: number) => (steps === 1 ? 'ở mỗi bước' : `cứ ${steps} bước một lần`),
    length: 'Độ dài so với nguồn',
    lengthHint: 'Dưới 1 nói nhanh hơn, trên 1 nói chậm hơn.',
    autoPitch: 'Đưa cao độ về tầm của giọng mới',
    shift: 'Dịch cao độ',
    seed: 'Số ngẫu nhiên',
    seedHint: 'Cùng một số cho đúng một kết quả; đổi số để thử lại.',
  },
  here: {
    fetch: (size: string) => `Tải về máy này (${size})`,
    resume: (size: string) => `Tải tiếp (${size})`,
    explained: 'Để chạy trên máy này, cả khi không có mạng.',
    partly: 'Mới tải được một phần.',
    kept: (size: string) => `Đã có trên máy này (${size}), dùng được cả khi không có mạng.`,
    remove: 'Xóa khỏi máy này',
    removeNamed: (name: string) => `Xóa khỏi máy này: ${name}`,
    stop: 'Dừng',
    progress: (name: string) => `Tiến độ tải ${name}`,
    soFar: (done: string, all: string) => `${done} trong ${all}`,
    fetched: 'Đã tải xong mô hình.',
    memory: 'Máy này không đủ bộ nhớ cho mô hình đã chọn, nên chạy trên máy chủ.',
    storage:
      'Trình duyệt không còn đủ chỗ cho mô hình đã chọn, nên chạy trên máy chủ. Hãy xóa bớt dữ liệu rồi thử lại.',
    broken: 'Đường truyền bị ngắt. Phần đã tải được giữ lại.',
    corrupt: 'Tệp tải về không đúng như máy chủ công bố nên đã bị xóa. Hãy tải lại, hoặc báo cho người quản trị.',
  },
};

const en: typeof vi = {
  title: 'Engine',
  engines: {
    mini: { name: 'Giọng mini', purpose: 'Fast, comes with the app.' },
    'seed-vc-fast': { name: 'Seed-VC fast', purpose: 'Closer to the voice, much slower.' },
    'seed-vc-base': { name: 'Seed-VC standard', purpose: 'Closer and more natural still, very slow.' },
    'seed-vc-hifi': { name: 'Seed-VC singing', purpose: 'For songs: keeps the melody. The slowest.' },
  },
  places: {
    both: 'on the server and here',
    server: 'on the server',
    here: 'on this device',
    nowhere: 'not available now',
  },
  estimate: (seconds) => `about ${seconds}`,
  unmeasured: 'speed not measured yet',
  more: 'Models on the server',
  voiceMismatch: (voice) =>
    `The saved voice “${voice}” does not work with this engine, since its samples were not kept. Choose another voice, or make it again from samples.`,
  seedVc: {
    steps: 'Steps',
    stepsHint: 'More are cleaner and slower. 10 is usually enough.',
    cfg: 'How closely the voice is followed',
    cfgHint: '0 is twice as fast, but less alike.',
    every: 'Compute that anew',
    everyHint:
      'Less often is faster, and the result a little different: every second step saves a quarter of the steps’ time.',
    everyValue: (steps) => (steps === 1 ? 'at each step' : `every ${steps} steps`),
    length: 'Length, compared with the source',
    lengthHint: 'Below 1 speaks faster, above 1 slower.',
    autoPitch: "Move the pitch to the new voice's range",
    shift: 'Shift the pitch',
    seed: 'Random number',
    seedHint: 'The same number gives the very same result; another is another try.',
  },
  here: {
    fetch: (size) => `Fetch to this device (${size})`,
    resume: (size) => `Go on fetching (${size})`,
    explained: 'To convert on this device, without a network too.',
    partly: 'Only a part has come so far.',
    kept: (size) => `On this device (${size}), works without a network.`,
    remove: 'Remove from this device',
    removeNamed: (name) => `Remove from this device: ${name}`,
    stop: 'Stop',
    progress: (name) => `Progress of fetching ${name}`,
    soFar: (done, all) => `${done} of ${all}`,
    fetched: 'The model has come.',
    memory: 'This device has too little memory for the chosen model, so the server converts.',
    storage:
      'The browser has too little room left for the chosen model, so the server converts. Remove some data, then try again.',
    broken: 'The connection broke off. What has come is kept.',
    corrupt:
      'What came is not what the server announced, and was removed. Fetch it again, or tell whoever runs the server.',
  },
};

/** Words of the engines, their options and their models on this device. */
export const words = wordsOf({ vi, en });

/** An engine as people call it; one that the page does not know, by its id. */
export const engineName = (id: string): string => words().engines[id]?.name ?? id;
