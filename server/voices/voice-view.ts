import { type VoiceReport, warningsOf } from '#core/voice/quality.ts';
import type { VoiceRow } from '../data/schema.ts';
import type { Voice, VoiceQuality } from '../http/api-types.ts';
import type { Language } from '../language.ts';
import { type Sample, sampleAudioUrl } from '../samples.ts';
import { wordWarning } from './warning-text.ts';

/** A sample voice as the API shows it. */
export function viewSampleVoice({ id, name, language: spoken }: Sample, language: Language): Voice {
  return {
    id,
    name: name[language],
    language: spoken,
    sample: true,
    previewUrl: sampleAudioUrl(id),
    speechSeconds: null,
    quality: null,
    engines: null,
    consentedAt: null,
    createdAt: null,
  };
}

/** A saved voice as the API shows it. Its recordings are gone, so there is nothing to hear. */
export function viewVoice(row: VoiceRow, language: Language): Voice {
  return {
    id: row.id,
    name: row.name,
    language: null,
    sample: false,
    previewUrl: null,
    speechSeconds: row.speech_seconds,
    quality: row.quality === null ? null : viewQuality(JSON.parse(row.quality), language),
    engines: JSON.parse(row.engines),
    consentedAt: row.consented_at,
    createdAt: row.created_at,
  };
}

function viewQuality(report: VoiceReport, language: Language): VoiceQuality {
  const warnings = warningsOf(report).map((code) => ({ code, ...wordWarning(code, language) }));
  return { ...report, similarity: report.similarity ?? null, warnings };
}
