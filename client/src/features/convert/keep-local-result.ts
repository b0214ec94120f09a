import type { ConversionOrder } from '../../kernel/conversion-order.ts';
import type { HistoryKeeper } from '../history/keeper.ts';
import type { Converted } from './convert-model.ts';

/** A result of this device is kept on it; the server keeps its own. */
export async function keepLocalResult(
  keeper: Pick<HistoryKeeper, 'keep'>,
  { source, voice, settings }: ConversionOrder,
  { place, file, format, outline, source: { name }, voiceName }: Converted,
): Promise<void> {
  if (place !== 'browser') return;
  await keeper.keep({
    sourceName: name,
    voiceName,
    settings,
    format,
    seconds: outline?.seconds,
    result: file,
    source,
    voice,
  });
}
