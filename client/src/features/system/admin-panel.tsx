import { createSignal, For, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextField } from '../../components/text-field.tsx';
import { language } from '../../i18n/index.ts';
import type { AdminApi } from '../../kernel/system-api.ts';
import { formatBytes } from '../shared/bytes.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './admin-card.module.css';
import { createAttempt } from './attempt.ts';
import type { LiveModel } from './live-model.ts';
import { words } from './words.ts';

/** As the server takes it. */
const mostWorkers = 64;

/** What the operator may do: more or fewer workers, an empty queue. */
export function AdminPanel(props: {
  readonly admin: AdminApi;
  readonly live: LiveModel;
  readonly onLeave: () => void;
}) {
  /** What was typed; until then the number there is. */
  const [typed, setTyped] = createSignal<string>();
  const [asksToClear, setAsksToClear] = createSignal(false);
  const [running, setRunning] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const attempt = createAttempt();
  const workers = () => typed() ?? String(props.live.queue()?.workers ?? '');

  async function scale(event: Event): Promise<void> {
    event.preventDefault();
    await attempt.run(async () => {
      const answer = await props.admin.scale(Number(workers()));
      setSaid(words().admin.scaled(String(answer.workers)));
    });
  }

  async function unscale(): Promise<void> {
    await attempt.run(async () => {
      await props.admin.unscale();
      setTyped(undefined);
      setSaid(words().admin.unscaled);
    });
  }

  async function clear(): Promise<void> {
    await attempt.run(async () => {
      const count = await props.admin.clearQueue(running());
      setSaid(words().admin.clear.done(String(count)));
    });
    setAsksToClear(false);
  }

  return (
    <>
      <form class={styles.row} onSubmit={(event) => void scale(event)}>
        <TextField
          label={words().admin.workers}
          type="number"
          min={1}
          max={mostWorkers}
          required
          value={workers()}
          onInput={setTyped}
        />
        <Button type="submit" disabled={attempt.busy()}>
          {words().admin.scale}
        </Button>
        <Button disabled={attempt.busy()} onClick={() => void unscale()}>
          {words().admin.unscale}
        </Button>
        <Button onClick={() => setAsksToClear(true)}>{words().admin.clear.action}</Button>
        <Button look="quiet" onClick={props.onLeave}>
          {words().admin.leave}
        </Button>
      </form>
      <p role="status" class={styles.said}>
        {said()}
      </p>
      <Show when={attempt.error()}>{(error) => <ProblemNotice error={error()} />}</Show>
      <Hosts live={props.live} />
      <Show when={asksToClear()}>
        <ConfirmDialog
          title={words().admin.clear.title}
          confirmLabel={words().admin.clear.action}
          cancelLabel={words().admin.clear.cancel}
          onConfirm={clear}
          onCancel={() => setAsksToClear(false)}
        >
          <p>{words().admin.clear.text}</p>
          <label class={styles.check}>
            <input type="checkbox" checked={running()} onChange={(event) => setRunning(event.currentTarget.checked)} />
            {words().admin.clear.running}
          </label>
        </ConfirmDialog>
      </Show>
    </>
  );
}

/** The processes of the fleet. On a narrow screen each is a block of its own. */
function Hosts(props: { readonly live: LiveModel }) {
  return (
    <table class={styles.hosts}>
      <caption>{words().admin.hosts}</caption>
      <thead>
        <tr>
          <th scope="col">{words().admin.host}</th>
          <th scope="col">{words().admin.role}</th>
          <th scope="col">{words().admin.hostWorkers}</th>
          <th scope="col">{words().admin.cores}</th>
          <th scope="col">{words().admin.memory}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.live.stats()?.fleet.hosts}>
          {(host) => (
            <tr>
              <th scope="row">{host.name}</th>
              <td>{words().admin.roles[host.role]}</td>
              <td>
                {host.busy} / {host.workers}
              </td>
              <td>{host.cores}</td>
              <td>{formatBytes(host.memoryBytes, language())}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
