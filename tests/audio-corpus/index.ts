import type { BrokenFile } from './broken-file.ts';
import { flacFiles } from './flac.ts';
import { impostors } from './impostors.ts';
import { mp4Files } from './mp4.ts';
import { mpegFiles } from './mpeg.ts';
import { oggFiles } from './ogg.ts';
import { truncated } from './truncated.ts';
import { wavFiles } from './wav.ts';
import { webmFiles } from './webm.ts';

/** Every broken file, by way of breaking and by format. They are made by code from the small files of `core/audio/fixtures`. */
export const corpus: readonly BrokenFile[] = [
  ...impostors,
  ...truncated,
  ...wavFiles,
  ...flacFiles,
  ...mpegFiles,
  ...oggFiles,
  ...mp4Files,
  ...webmFiles,
];
