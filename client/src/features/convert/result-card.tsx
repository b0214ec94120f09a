import { createEffect, createMemo, createResource, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { arrived, arrivedFresh } from '../../components/arrived.ts';
import buttons from '../../components/button.module.css';
import { Button, RoundButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Select } from '../../components/select.tsx';
import { SpectrogramView } from '../../components/spectrogram-view.tsx';
import { usePlayer } from '../../components/use-player.ts';
import { Waveform } from '../../components/waveform.tsx';
import { formatClock, formatDuration, formatNumber } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import { type Loop, withEnd, withStart } from '../../kernel/loop.ts';
import type { Spectrogram } from '../../kernel/spectrogram.ts';
import cards from '../shared/cards.module.css';
import { resultFileName } from '../shared/names.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import type { Converted } from './convert-model.ts';
import styles from './result-card.module.css';
import { outputFormats, type Settings } from './settings.ts';
import { shortcutOf } from './shortcuts.ts';
import { SimilarityMeter } from './similarity-meter.tsx';

const tracks = { source: 0, result: 1 } as const;

/** Speeds of playing; 1 is as recorded. */
const speeds = ['0.5', '0.75', '1', '1.25', '1.5', '2'] as const;

/** The new recording beside the old one: both with one cursor, switched between at the same instant, and to take away. */
export function ResultCard(props: {
  readonly converted: Converted;
  readonly encodeAs: (file: Blob, format: Settings['format']) => Promise<Blob>;
  readonly spectrogramOf: (file: Blob) => Promise<Spectrogram>;
  readonly similarityOf: (converted: Converted) => Promise<number | null>;
}) {
  let section: HTMLElement | undefined;
  let heading: HTMLHeadingElement | undefined;
  const player = usePlayer(() => [props.converted.source.playable, props.converted.file]);
  const seconds = () => props.converted.outline?.seconds ?? player.state().duration;
  // What was just made is what one wants to hear.
  const [heard, setHeard] = createSignal<keyof typeof tracks>('result');
  const listenTo = (track: keyof typeof tracks) => {
    setHeard(track);
    player.listenTo(tracks[track]);
  };
  const [speed, setSpeed] = createSignal<(typeof speeds)[number]>('1');
  createEffect(() => player.setSpeed(Number(speed())));
  const [loop, setLoop] = createSignal<Loop>();
  createEffect(() => player.setLoop(loop()));
  const startLoopHere = () => setLoop(withStart(loop(), player.state().time, seconds()) ?? loop());
  const endLoopHere = () => setLoop(withEnd(loop(), player.state().time, seconds()) ?? loop());

  const [showsSpectrograms, setShowsSpectrograms] = createSignal(false);
  const [spectrograms] = createResource(
    () => showsSpectrograms() && [props.converted.source.playable, props.converted.file],
    async (files) => {
      const [source, result] = await Promise.all(files.map(props.spectrogramOf));
      return { source, result };
    },
  );
  const spectrogram = (track: keyof typeof tracks, name: string) => (
    <Show when={showsSpectrograms() && !spectrograms.error}>
      <Show when={arrived(spectrograms)?.[track]} fallback={<p class={styles.hint}>{t().result.spectrogramComing}</p>}>
        {(picture) => (
          <SpectrogramView
            spectrogram={picture()}
            time={player.state().time}
            duration={seconds()}
            label={`${t().result.spectrogram}, ${name}`}
          />
        )}
      </Show>
    </Show>
  );

  const [format, setFormat] = createSignal(props.converted.format);
  const [file] = createResource(format, (wanted) =>
    wanted === props.converted.format ? props.converted.file : props.encodeAs(props.converted.file, wanted),
  );
  const url = createMemo(() => {
    const made = arrivedFresh(file);
    if (!made) return undefined;
    const created = URL.createObjectURL(made);
    onCleanup(() => URL.revokeObjectURL(created));
    return created;
  });
  const fileName = () => resultFileName(props.converted.source.name, props.converted.voiceName, format());
  const facts = () => {
    const { place, tookSeconds } = props.converted;
    const words = t().result;
    const list = [
      place === 'browser' ? words.ranHere : words.ranOnServer,
      words.tookSeconds(formatDuration(tookSeconds, language())),
    ];
    const times = seconds() / tookSeconds;
    return times >= 1.5 ? [...list, words.timesRealtime(formatNumber(times, times < 10 ? 1 : 0, language()))] : list;
  };

  onMount(() => {
    listenTo('result');
    heading?.focus({ preventScroll: true });
    section?.scrollIntoView({ block: 'nearest' });
    const onKey = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (!shortcut) return;
      event.preventDefault();
      if (shortcut === 'toggle') player.toggle();
      else if (shortcut === 'loop-start') startLoopHere();
      else if (shortcut === 'loop-end') endLoopHere();
      else listenTo(heard() === 'source' ? 'result' : 'source');
    };
    document.addEventListener('keydown', onKey);
    onCleanup(() => document.removeEventListener('keydown', onKey));
  });

  return (
    <section ref={section} class={classNames(cards.card, styles.card)} aria-labelledby="result-title">
      <header class={styles.header}>
        <div class={cards.header}>
          <h2 id="result-title" ref={heading} tabIndex={-1}>
            {t().result.title}
          </h2>
          <p class={styles.facts}>{facts().join(' · ')}</p>
        </div>
        <div class={styles.takeAway}>
          <Select
            label={t().options.format}
            labelHidden
            choices={outputFormats.map((value) => ({ value, label: value.toUpperCase() }))}
            value={format()}
            onChange={setFormat}
          />
          <Show when={url()} fallback={<Button disabled>{t().result.encoding}</Button>}>
            {(href) => (
              <a class={classNames(buttons.button, buttons.plain, styles.download)} href={href()} download={fileName()}>
                <Icon name="download" size={18} />
                {t().result.download}
              </a>
            )}
          </Show>
        </div>
      </header>
      <Show when={file.error ?? spectrograms.error}>{(error) => <ProblemNotice error={error()} />}</Show>
      <Show when={props.converted.fellBack}>
        <Notice kind="remark">
          {props.converted.place === 'server' ? t().convert.fellBackToServer : t().convert.fellBackToBrowser}
        </Notice>
      </Show>
      <div class={styles.tracks}>
        <div class={styles.track}>
          <p class={styles.trackName}>
            <span>{t().result.source}</span> {props.converted.source.name}
          </p>
          <Waveform
            peaks={props.converted.source.outline?.peaks}
            time={player.state().time}
            duration={seconds()}
            label={`${t().result.position}, ${t().result.source}`}
            dimmed={heard() !== 'source'}
            onSeek={player.seek}
            loop={loop()}
            onLoop={setLoop}
          />
          {spectrogram('source', t().result.source)}
        </div>
        <div class={styles.track}>
          <p class={styles.trackName}>
            <span>{t().result.result}</span> {props.converted.voiceName}
          </p>
          <Waveform
            peaks={props.converted.outline?.peaks}
            time={player.state().time}
            duration={seconds()}
            label={`${t().result.position}, ${t().result.result}`}
            tone="result"
            dimmed={heard() !== 'result'}
            onSeek={player.seek}
            loop={loop()}
            onLoop={setLoop}
          />
          {spectrogram('result', t().result.result)}
        </div>
      </div>
      <div class={styles.controls}>
        <RoundButton
          look="primary"
          size="large"
          icon={player.state().playing ? 'pause' : 'play'}
          label={player.state().playing ? t().result.pause : t().result.play}
          onClick={player.toggle}
        />
        <span class={styles.clock}>
          {formatClock(player.state().time)} / {formatClock(seconds())}
        </span>
        <Segmented
          label={t().result.listenTo}
          labelHidden
          choices={[
            { value: 'source', label: t().result.source },
            { value: 'result', label: t().result.result },
          ]}
          value={heard()}
          onChange={listenTo}
        />
        <p class={styles.keys}>{t().result.keys}</p>
      </div>
      <div class={styles.tools}>
        <Select
          label={t().result.speed}
          choices={speeds.map((value) => ({ value, label: `${formatNumber(Number(value), 2, language())}×` }))}
          value={speed()}
          onChange={setSpeed}
        />
        <fieldset class={styles.loop}>
          <legend class="visually-hidden">{t().result.loop}</legend>
          <Button look="quiet" onClick={startLoopHere}>
            {t().result.loopStart}
          </Button>
          <Button look="quiet" onClick={endLoopHere}>
            {t().result.loopEnd}
          </Button>
          <Show when={loop()} fallback={<span class={styles.hint}>{t().result.loopHint}</span>}>
            {(part) => (
              <>
                <output class={styles.part}>
                  {t().result.loopPart(
                    formatNumber(part().start, 1, language()),
                    formatNumber(part().end, 1, language()),
                  )}
                </output>
                <Button look="quiet" icon="close" onClick={() => setLoop(undefined)}>
                  {t().result.loopOff}
                </Button>
              </>
            )}
          </Show>
        </fieldset>
        <Button look="quiet" aria-pressed={showsSpectrograms()} onClick={() => setShowsSpectrograms((shown) => !shown)}>
          {t().result.spectrogram}
        </Button>
      </div>
      <SimilarityMeter measure={() => props.similarityOf(props.converted)} />
    </section>
  );
}
