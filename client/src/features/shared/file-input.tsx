import { Button } from '../../components/button.tsx';
import type { Recording } from '../../kernel/recording.ts';

/** Types that the file dialog offers; what is inside decides, not the name. Video because phones record it with sound. */
const accept = 'audio/*,video/webm,video/mp4,.wav,.mp3,.flac,.m4a,.aac,.ogg,.opus,.webm';

/** A file that the user gave, as a recording. */
function recordingOf(file: File): Recording {
  return { kind: 'file', name: file.name, blob: file, origin: 'file' };
}

/** All files of a drop or a paste, as recordings. */
export function recordingsIn(transfer: DataTransfer | null): Recording[] {
  return [...(transfer?.files ?? [])].map(recordingOf);
}

/** A button that opens the system's file dialog. */
export function FileButton(props: {
  readonly label: string;
  readonly onPick: (recording: Recording) => void;
  /** Where it is given, several may be picked at once. */
  readonly onSeveral?: (recordings: readonly Recording[]) => void;
}) {
  let input: HTMLInputElement | undefined;
  return (
    <>
      <Button icon="file" onClick={() => input?.click()}>
        {props.label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={props.onSeveral !== undefined}
        hidden
        onChange={(event) => {
          const recordings = [...(event.currentTarget.files ?? [])].map(recordingOf);
          // The same file may be picked twice in a row, after it was changed on disk.
          event.currentTarget.value = '';
          const [first] = recordings;
          if (recordings.length > 1) props.onSeveral?.(recordings);
          else if (first) props.onPick(first);
        }}
      />
    </>
  );
}
