import type { Language } from '#core/error-text.ts';

export type { Language };

export const languages = ['vi', 'en'] as const satisfies readonly Language[];

/** Vietnamese unless the user says otherwise. */
export const defaultLanguage: Language = 'vi';

/** The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4); `en-GB` asks for `en`. */
export function parseAcceptLanguage(header: string | undefined): Language {
  let best: Language = defaultLanguage;
  let bestQuality = 0;
  for (const range of (header ?? '').split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = languages.find((candidate) => tag === candidate || tag.startsWith(`${candidate}-`));
    const quality = qualityOf(parameters);
    if (language && quality > bestQuality) {
      best = language;
      bestQuality = quality;
    }
  }
  return best;
}

function qualityOf(parameters: readonly string[]): number {
  const written = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = written === undefined ? 1 : Number(written);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

/**
 * The language of a command line: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set decides. Vietnamese when it is
 * `vi…`, `C`, `POSIX` or nothing at all, since those say nothing about the user; English for any other.
 */
export function parseLocale(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = LC_ALL || LC_MESSAGES || LANG || 'C';
  return /^(vi\b|vi_|C\b|POSIX\b)/.test(locale) ? 'vi' : 'en';
}
