import type { Language } from '../../i18n/language.ts';
import type { Recording } from '../../kernel/recording.ts';

/** What a recording is called on the page. */
export function nameOf(recording: Recording, language: Language): string {
  return recording.kind === 'sample' ? recording.sample.name[language] : recording.name;
}

/** A file's name without its extension, for use in another file's name. */
export function withoutExtension(name: string): string {
  return name.replace(/\.[^.\s]{1,5}$/, '');
}

/** Takes out of a name what some file system refuses. */
export function safeFileName(name: string): string {
  return name
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What a result is called when it is taken away. */
export function resultFileName(sourceName: string, voiceName: string, format: string): string {
  return `${safeFileName(`${withoutExtension(sourceName)} - ${withoutExtension(voiceName)}`)}.${format}`;
}
