import { createSignal, Match, Show, Switch } from 'solid-js';
import { GiongError } from '#core/errors.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatPercent } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { bytesOf } from '../../kernel/models-here/kept-engine.ts';
import { DeviceFullError } from '../../kernel/stored/device-full-error.ts';
import { formatBytes } from '../shared/bytes.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './engines.module.css';
import type { FetchProblem } from './engines-model.ts';
import { engineName, words } from './words.ts';

/** The models of an engine on this device: how large, how far they are, and the ways to fetch and remove them. */
export function ModelsHere(props: { readonly engine: string }) {
  const { engines } = useApp();
  const [said, setSaid] = createSignal('');
  const own = () => words().here;
  const size = (bytes: number) => formatBytes(bytes, language());
  const coming = () => {
    const now = engines.coming();
    return now?.engine === props.engine ? now : undefined;
  };
  const kept = () => engines.kept().find(({ engine }) => engine === props.engine);
  const fetchable = () => engines.fetchable(props.engine);

  async function fetchModels(): Promise<void> {
    setSaid('');
    await engines.fetchHere(props.engine);
    if (engines.isHere(props.engine)) setSaid(own().fetched);
  }

  return (
    <div class={styles.here}>
      <Switch>
        <Match when={coming()}>
          {(now) => (
            <>
              <div class={styles.progress}>
                <progress
                  max={1}
                  value={now().bytes / now().totalBytes}
                  aria-label={own().progress(engineName(props.engine))}
                  aria-valuetext={formatPercent(now().bytes / now().totalBytes)}
                />
                <span>{own().soFar(size(now().bytes), size(now().totalBytes))}</span>
              </div>
              <Button icon="close" onClick={engines.stopFetching}>
                {own().stop}
              </Button>
            </>
          )}
        </Match>
        <Match when={fetchable()}>
          {(models) => (
            <>
              <p class={styles.soft}>{kept() ? own().partly : own().explained}</p>
              <Button icon="download" disabled={engines.coming() !== undefined} onClick={() => void fetchModels()}>
                {kept() ? own().resume(size(bytesOf(models()))) : own().fetch(size(bytesOf(models())))}
              </Button>
            </>
          )}
        </Match>
        <Match when={engines.isHere(props.engine) && kept()}>
          {(here) => <p class={styles.soft}>{own().kept(size(bytesOf(here().models)))}</p>}
        </Match>
      </Switch>
      <Show when={kept() && !coming()}>
        <Button
          look="quiet"
          icon="trash"
          aria-label={own().removeNamed(engineName(props.engine))}
          onClick={() => void engines.removeHere(props.engine)}
        >
          {own().remove}
        </Button>
      </Show>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Show when={engines.problem(props.engine)}>{(why) => <FetchProblemNotice why={why()} />}</Show>
    </div>
  );
}

function FetchProblemNotice(props: { readonly why: FetchProblem }) {
  const text = () => {
    const { why } = props;
    if (typeof why === 'string') return words().here[why];
    if (why.error instanceof DeviceFullError) return words().here.storage;
    const code = why.error instanceof GiongError ? why.error.code : undefined;
    if (code === 'download-failed') return words().here.broken;
    return code === 'model-corrupt' ? words().here.corrupt : undefined;
  };
  return (
    <Show
      when={text()}
      fallback={<ProblemNotice error={typeof props.why === 'string' ? undefined : props.why.error} />}
    >
      {(words) => <Notice kind="problem">{words()}</Notice>}
    </Show>
  );
}
