import { type AudioTags, softwareName } from './tags.ts';

/** What a result says of its origin, inside the file: a converted voice can be told from a recorded one. */
export function provenanceTags(engine: string, date: Date, jobId?: string): AudioTags {
  const job = jobId === undefined ? '' : `; job=${jobId}`;
  return {
    comment: `voice conversion by ${softwareName}; engine=${engine}${job}`,
    date: date.toISOString().slice(0, 10),
  };
}
