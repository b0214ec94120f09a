import { language, t } from '../../i18n/index.ts';
import { blobOf } from '../../kernel/recording.ts';
import type { Sample } from '../../kernel/samples.ts';
import { PlayButton } from '../shared/play-button.tsx';

/** Plays a sample voice; its recording is fetched at the first press. */
export function VoicePreviewButton(props: { readonly sample: Sample }) {
  return (
    <PlayButton
      label={t().voice.listenTo(props.sample.name[language()])}
      load={() => blobOf({ kind: 'sample', sample: props.sample })}
    />
  );
}
