import { decodeAudio } from '#core/audio/decode.ts';
import { encodeAudio, outputFiles } from '#core/audio/encode.ts';
import { provenanceTags } from '#core/audio/provenance.ts';
import type { Control } from '#core/engines/engine.ts';
import { fileFormats } from './file-formats.ts';
import type { LocalEncoding, LocalResult } from './protocol.ts';

/** Brings a result into another file format, without converting anew; the file goes on telling where it comes from. */
export async function encodeLocally({ file, format, engine }: LocalEncoding, control: Control): Promise<LocalResult> {
  const { audio } = await decodeAudio(new Uint8Array(file), control);
  const tags = provenanceTags(engine, new Date());
  const bytes = await encodeAudio(audio, { ...control, format: fileFormats[format], tags });
  return { bytes: new Uint8Array(bytes), mediaType: outputFiles[fileFormats[format]].mimeType };
}
