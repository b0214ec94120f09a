import type { Audio } from '#core/audio/audio.ts';
import { checkAudible } from '#core/audio/checks.ts';
import { decodeAudio } from '#core/audio/decode.ts';
import { measureQuality, warningsOf } from '#core/voice/quality.ts';
import { serializeVoice } from '#core/voice/serialize.ts';
import { enginesOf, withSpeaker } from '#core/voice/speaker.ts';
import { createBunTools } from '../converter.ts';
import { hearSpeaker } from '../voices/hear-speaker.ts';
import { wordWarning } from '../voices/warning-text.ts';
import { type DataFlag, dataFolderOf, voiceFolderOf } from './data-folder.ts';
import { findRecording } from './files.ts';
import { about, UsageError, type Voice } from './outcome.ts';
import { startProgress } from './progress.ts';
import { VoiceShelf } from './voice-shelf.ts';
import { type ConsentFlag, checkName, requireConsent, tell } from './voices.ts';
import { voiceWords } from './words/voices.ts';
import type { Words } from './words.ts';

interface CreateFlags extends DataFlag, ConsentFlag {
  readonly engine?: string;
  readonly similarityThreshold?: string;
}

/**
 * `giong voices create`. What could be better about the recordings is said on standard error. Throws `InputError('consent-missing')`,
 * `'references-differ'` where a threshold is given, and as `Converter.profile`.
 */
export async function createVoice(
  name: string,
  recordings: readonly string[],
  { consent, engine = 'mini', similarityThreshold, ...flags }: CreateFlags,
  voice: Voice,
  words: Words,
): Promise<void> {
  const voiceName = checkName(name);
  const threshold = thresholdOf(similarityThreshold);
  requireConsent({ ...(consent && { consent }) });
  const files = await Promise.all(recordings.map(findRecording));

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  const { signal } = interrupt;
  const own = voiceWords[voice.language];
  const progress = await startProgress({ ...words, converting: own.describing });
  const { converter, speakers } = await createBunTools(undefined, dataFolderOf(flags));
  try {
    const references: Audio[] = [];
    for (const [index, file] of files.entries()) {
      references.push(await about(recordings[index] ?? '', readReference(file, signal)));
    }
    const profiling = converter.profile(references, { engine }, { signal, onProgress: progress.update });
    const described = await about(recordings.join(', '), profiling);
    const { speaker } = await hearSpeaker(speakers, references, threshold, signal);
    const profile = speaker ? withSpeaker(described, speaker) : described;
    const { speechSeconds } = profile;
    const shelf = new VoiceShelf(voiceFolderOf(flags));
    const engines = enginesOf(profile);
    const record = await shelf.add(serializeVoice(profile), { name: voiceName, engines, speechSeconds });
    progress.stop();

    for (const warning of warningsOf(measureQuality(references))) {
      const { title, detail } = wordWarning(warning, voice.language);
      console.error(`giong: ${title}. ${detail}`);
    }
    tell(record, own.created, voice);
  } finally {
    progress.stop();
    process.off('SIGINT', onInterrupt);
    await Promise.all([converter.dispose(), speakers.dispose()]);
  }
}

function thresholdOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const threshold = Number(text.trim() || Number.NaN);
  if (!(threshold >= 0 && threshold <= 1)) throw new UsageError('--similarity-threshold');
  return threshold;
}

async function readReference(file: Blob, signal: AbortSignal): Promise<Audio> {
  const { audio } = await decodeAudio(await file.bytes(), { signal });
  checkAudible(audio);
  return audio;
}
