import { createSignal, onCleanup } from 'solid-js';
import { copyText } from '../kernel/clipboard.ts';
import { Button } from './button.tsx';

/** How long the button says that it has copied, in milliseconds. */
const saidMilliseconds = 2000;

/** Copies a text, and says so for a while; screen readers hear it too. */
export function CopyButton(props: {
  readonly text: string;
  readonly label: string;
  readonly copied: string;
  readonly failed: string;
  readonly look?: 'plain' | 'primary';
}) {
  const [outcome, setOutcome] = createSignal<boolean | undefined>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  async function copy(): Promise<void> {
    setOutcome(await copyText(props.text));
    clearTimeout(timer);
    timer = setTimeout(() => setOutcome(undefined), saidMilliseconds);
  }

  const said = () => (outcome() === undefined ? '' : outcome() ? props.copied : props.failed);
  return (
    <>
      <Button look={props.look ?? 'plain'} icon={outcome() ? 'check' : 'copy'} onClick={() => void copy()}>
        {said() || props.label}
      </Button>
      <span class="visually-hidden" role="status">
        {said()}
      </span>
    </>
  );
}
