import { createSignal, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { isEndAskedFor, mayNotify, setEndAskedFor } from './end-notification.ts';
import { words } from './later-words.ts';

/** A conversion that takes so long is worth being told of its end. Seconds. */
const longSeconds = 10;

/** Lets the user be told when a long conversion ends while they look elsewhere; only a press asks the browser for leave. */
export function NotifyButton(props: {
  readonly class?: string | undefined;
  readonly elapsedSeconds: number;
  readonly leftSeconds: number | undefined;
}) {
  const [isRefused, setRefused] = createSignal(false);
  const isLong = () => props.elapsedSeconds + (props.leftSeconds ?? 0) >= longSeconds;

  async function toggle(): Promise<void> {
    const wanted = !isEndAskedFor();
    setRefused(wanted && !(await mayNotify()));
    setEndAskedFor(wanted && !isRefused());
  }

  return (
    <Show when={'Notification' in window && (isLong() || isEndAskedFor())}>
      <div class={props.class}>
        <Button look="quiet" icon="bell" aria-pressed={isEndAskedFor()} onClick={() => void toggle()}>
          {isEndAskedFor() ? words().willNotify : words().notify}
        </Button>
        <Show when={isRefused()}>
          <p role="status">{words().notAllowed}</p>
        </Show>
      </div>
    </Show>
  );
}
