import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { Meter } from '../../components/meter.tsx';
import { Notice } from '../../components/notice.tsx';
import { Waveform } from '../../components/waveform.tsx';
import { formatClock, formatTimeOfDay } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import {
  MicrophoneError,
  type MicrophoneProblem,
  type MicrophoneRecording,
  recordMicrophone,
} from '../../kernel/microphone.ts';
import type { Recording } from '../../kernel/recording.ts';
import styles from './recorder.module.css';

/** How many blocks (of some 40 ms) the moving waveform shows: about eight seconds. */
const shownBlocks = 180;
const clippingPeak = 0.985;
const quietPeak = 0.02;
/** So many seconds of silence before the user is told. */
const patienceSeconds = 2.5;

/** Records the microphone: starts when it appears, shows level, waveform and time, and gives the recording when stopped. */
export function Recorder(props: {
  readonly onRecorded: (recording: Recording) => void;
  readonly onDiscard: () => void;
}) {
  const [peaks, setPeaks] = createSignal<readonly number[]>([]);
  const [seconds, setSeconds] = createSignal(0);
  const [loudest, setLoudest] = createSignal(0);
  const [lastClippedAt, setLastClippedAt] = createSignal(Number.NEGATIVE_INFINITY);
  const [problem, setProblem] = createSignal<MicrophoneProblem>();
  const [recording, setRecording] = createSignal<MicrophoneRecording>();
  let stopButton: HTMLButtonElement | undefined;
  let gone = false;

  onMount(async () => {
    try {
      const started = await recordMicrophone({
        onBlock(peak, length) {
          setPeaks((before) => [...before.slice(1 - shownBlocks), peak]);
          setSeconds(length);
          setLoudest((before) => Math.max(before, peak));
          if (peak >= clippingPeak) setLastClippedAt(length);
        },
      });
      if (gone) await started.discard();
      else {
        setRecording(started);
        stopButton?.focus();
      }
    } catch (error) {
      if (!gone) setProblem(error instanceof MicrophoneError ? error.problem : 'unsupported');
    }
  });
  // What was said so far would be lost: the browser asks before it leaves the page.
  const askBeforeLeaving = (event: BeforeUnloadEvent) => {
    if (recording()) event.preventDefault();
  };
  addEventListener('beforeunload', askBeforeLeaving);
  onCleanup(() => {
    removeEventListener('beforeunload', askBeforeLeaving);
    gone = true;
    void recording()?.discard();
  });

  async function stop(): Promise<void> {
    const current = recording();
    if (!current) return;
    setRecording(undefined);
    const blob = await current.stop();
    const name = t().source.recordedName(formatTimeOfDay(new Date(), language()));
    props.onRecorded({ kind: 'file', name, blob, origin: 'microphone' });
  }

  const shownPeaks = () => {
    const list = Float32Array.from(peaks());
    const padded = new Float32Array(shownBlocks);
    padded.set(list, shownBlocks - list.length);
    return padded;
  };
  const level = () => peaks().at(-1) ?? 0;
  const remark = () => {
    if (seconds() - lastClippedAt() < 2) return t().recorder.tooLoud;
    return seconds() > patienceSeconds && loudest() < quietPeak ? t().recorder.tooQuiet : undefined;
  };

  return (
    <div class={styles.recorder}>
      <Show
        when={!problem()}
        fallback={
          <Notice
            kind="problem"
            actions={
              <Button icon="close" onClick={() => props.onDiscard()}>
                {t().error.dismiss}
              </Button>
            }
          >
            {t().recorder[problem() ?? 'unsupported']}
          </Notice>
        }
      >
        <div class={styles.head} role="status">
          <span class={styles.dot} classList={{ [styles.on ?? '']: recording() !== undefined }} />
          <span>{recording() ? t().recorder.recording : t().recorder.waiting}</span>
          <span class={styles.clock} role="timer" aria-live="off">
            {formatClock(seconds())}
          </span>
        </div>
        <Waveform peaks={shownPeaks()} time={1} duration={1} label={t().recorder.recording} height={64} absolute />
        <Meter aria-label={t().recorder.level} min={0} max={1} value={Math.sqrt(level())} />
        <p class={styles.remark} role="status">
          {remark()}
        </p>
        <div class={styles.actions}>
          <Button ref={stopButton} look="danger" icon="stop" disabled={!recording()} onClick={() => void stop()}>
            {t().recorder.stop}
          </Button>
          <Button look="quiet" onClick={() => props.onDiscard()}>
            {t().recorder.discard}
          </Button>
        </div>
      </Show>
    </div>
  );
}
