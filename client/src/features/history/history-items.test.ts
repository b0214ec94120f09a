import { expect, test } from 'bun:test';
import type { Job } from '#server/http/api-types.ts';
import type { LocalEntry } from '../../kernel/stored/local-history.ts';
import { matches, mergeHistory, noFilter } from './history-items.ts';

const job = (id: string, createdAt: string, status: Job['status']): Job => ({
  id,
  status,
  createdAt,
  progress: 0,
  etaSeconds: null,
  error: null,
  engine: 'mini',
  source: { id: 'u_1', name: 'Đọc truyện.wav', seconds: 3 },
  voice: { id: 'sample-1', name: 'Giọng nữ 1' },
  options: { strength: 1, pitch: 'auto', formant: 0, noiseReduction: 0, format: 'wav', seed: 0, similarity: false },
  startedAt: null,
  finishedAt: null,
  result: null,
  similarity: null,
});
const local: LocalEntry = {
  id: 'l_1',
  createdAt: '2026-01-02T00:00:00.000Z',
  sourceName: 'Phỏng vấn',
  voiceName: 'Giọng nam 1',
  settings: {},
  format: 'wav',
  seconds: 2,
  bytes: 10,
  keptBytes: 20,
};
const items = mergeHistory(
  [job('j_1', '2026-01-01T00:00:00.000Z', 'failed'), job('j_2', '2026-01-03T00:00:00.000Z', 'active')],
  [local],
  [
    {
      id: 'o_1',
      createdAt: '2026-01-04T00:00:00.000Z',
      sourceName: 'Bài giảng',
      voiceName: 'Giọng nữ 2',
      settings: {},
      source: { kind: 'sample', id: 'a' },
      voice: { kind: 'sample', id: 'b' },
    },
  ],
);
const found = (filter: Partial<typeof noFilter>) =>
  items.filter((item) => matches(item, { ...noFilter, ...filter })).map(({ id }) => id);

test('all places are in one list, newest first', () => {
  expect(items.map(({ id }) => id)).toEqual(['o_1', 'j_2', 'l_1', 'j_1']);
});

test('the list is filtered by state, place and text at once', () => {
  expect(found({})).toHaveLength(4);
  expect(found({ status: 'unfinished' })).toEqual(['o_1', 'j_2']);
  expect(found({ status: 'stopped' })).toEqual(['j_1']);
  expect(found({ place: 'browser' })).toEqual(['l_1']);
  expect(found({ place: 'server', status: 'done' })).toEqual([]);
});

test('text is found without its marks and capitals, in both names', () => {
  expect(found({ text: 'phong van' })).toEqual(['l_1']);
  expect(found({ text: ' doc TRUYEN ' })).toEqual(['j_2', 'j_1']);
  expect(found({ text: 'giọng nữ 2' })).toEqual(['o_1']);
});
