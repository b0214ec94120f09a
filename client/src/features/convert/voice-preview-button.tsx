import { createResource, createSignal, Show } from 'solid-js';
import { RoundButton } from '../../components/button.tsx';
import { usePlayer } from '../../components/use-player.ts';
import { language, t } from '../../i18n/index.ts';
import { blobOf } from '../../kernel/recording.ts';
import type { Sample } from '../../kernel/samples.ts';

/** Plays a sample voice; its recording is fetched at the first press. */
export function VoicePreviewButton(props: { readonly sample: Sample }) {
  const [wanted, setWanted] = createSignal(false);
  const [blob] = createResource(
    () => wanted() && props.sample,
    (sample) => blobOf({ kind: 'sample', sample }),
  );
  const label = () => t().voice.listenTo(props.sample.name[language()]);
  return (
    <Show
      when={!blob.error && blob()}
      fallback={<RoundButton icon="play" size="normal" label={label()} onClick={() => setWanted(true)} />}
    >
      {(loaded) => <PreviewPlayer blob={loaded()} label={label()} />}
    </Show>
  );
}

function PreviewPlayer(props: { readonly blob: Blob; readonly label: string }) {
  const player = usePlayer(() => [props.blob]);
  let button: HTMLButtonElement | undefined;
  // It takes the place of the button that was pressed: plays at once, and keeps the focus.
  queueMicrotask(() => {
    button?.focus();
    player.toggle();
  });
  return (
    <RoundButton
      ref={button}
      icon={player.state().playing ? 'pause' : 'play'}
      label={player.state().playing ? t().result.pause : props.label}
      onClick={player.toggle}
    />
  );
}
