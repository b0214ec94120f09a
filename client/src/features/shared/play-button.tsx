import { createResource, createSignal, Show } from 'solid-js';
import { arrived } from '../../components/arrived.ts';
import { RoundButton } from '../../components/button.tsx';
import { usePlayer } from '../../components/use-player.ts';
import { t } from '../../i18n/index.ts';

/** Plays a sound that is fetched at the first press. */
export function PlayButton(props: {
  readonly label: string;
  readonly load: () => Promise<Blob>;
  readonly onError?: (error: unknown) => void;
}) {
  const [wanted, setWanted] = createSignal(false);
  const [blob] = createResource(
    () => wanted() && props.load,
    async (load) => {
      try {
        return await load();
      } catch (error) {
        setWanted(false);
        props.onError?.(error);
        return undefined;
      }
    },
  );
  return (
    <Show
      when={arrived(blob)}
      fallback={<RoundButton icon="play" size="normal" label={props.label} onClick={() => setWanted(true)} />}
    >
      {(loaded) => <LoadedPlayer blob={loaded()} label={props.label} />}
    </Show>
  );
}

/** Plays a sound that was just made or fetched, at once: it takes the place of the button that was pressed for it. */
export function LoadedPlayer(props: { readonly blob: Blob; readonly label: string }) {
  const player = usePlayer(() => [props.blob]);
  let button: HTMLButtonElement | undefined;
  // The focus was on that button.
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
