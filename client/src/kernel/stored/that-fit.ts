import type { FileRecording } from '../recording.ts';

/** The recordings, in their order, that have room in so many bytes together; one that is too large leaves its room to the next. */
export function thatFit<R extends Pick<FileRecording, 'blob'>>(recordings: readonly R[], bytes: number): R[] {
  let room = bytes;
  return recordings.filter(({ blob: { size } }) => {
    if (size > room) return false;
    room -= size;
    return true;
  });
}
