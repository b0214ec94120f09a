import { Show } from 'solid-js';
import { RoundButton } from '../../components/button.tsx';
import { usePlayer } from '../../components/use-player.ts';
import { Waveform } from '../../components/waveform.tsx';
import { formatClock } from '../../i18n/format.ts';
import { t } from '../../i18n/index.ts';
import type { Inspected } from '../../kernel/inspect-recording.ts';
import styles from './recording-player.module.css';

/** A recording's waveform with a play button and times. */
export function RecordingPlayer(props: {
  readonly inspected: Inspected;
  readonly name: string;
  readonly label: string;
  readonly height?: number;
}) {
  const player = usePlayer(() => [props.inspected.playable]);
  const seconds = () => props.inspected.outline?.seconds ?? player.state().duration;
  return (
    <div class={styles.player}>
      <RoundButton
        icon={player.state().playing ? 'pause' : 'play'}
        label={player.state().playing ? t().result.pause : t().voice.listenTo(props.name)}
        onClick={player.toggle}
      />
      <div class={styles.wave}>
        <Show when={props.inspected.outline}>
          {(outline) => (
            <Waveform
              peaks={outline().peaks}
              time={player.state().time}
              duration={seconds()}
              label={props.label}
              height={props.height ?? 64}
              onSeek={player.seek}
            />
          )}
        </Show>
      </div>
      <span class={styles.clock}>
        {player.state().time > 0
          ? `${formatClock(player.state().time)} / ${formatClock(seconds())}`
          : formatClock(seconds())}
      </span>
    </div>
  );
}
