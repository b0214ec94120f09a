import { createSignal, type JSX } from 'solid-js';
import { classNames } from '../../components/class-names.ts';
import type { Recording } from '../../kernel/recording.ts';
import styles from './drop-zone.module.css';
import { recordingsIn } from './file-input.tsx';

/** An area on which a file can be dropped. Everything that it does can be done by keyboard through the buttons inside. */
export function DropZone(props: {
  readonly label: string;
  readonly class?: string | undefined;
  readonly onFile: (recording: Recording) => void;
  /** Where it is given, several may be dropped at once; else the first counts. */
  readonly onSeveral?: (recordings: readonly Recording[]) => void;
  readonly children: JSX.Element;
}) {
  const [over, setOver] = createSignal(false);
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

  return (
    <section
      class={classNames(styles.zone, over() && styles.over, props.class)}
      aria-label={props.label}
      onDragOver={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget))
          setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        const recordings = recordingsIn(event.dataTransfer);
        const [first] = recordings;
        if (!first) return;
        event.preventDefault();
        event.stopPropagation();
        if (props.onSeveral && recordings.length > 1) props.onSeveral(recordings);
        else props.onFile(first);
      }}
    >
      {props.children}
    </section>
  );
}
