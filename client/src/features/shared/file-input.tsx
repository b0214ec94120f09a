import { Button } from '../../components/button.tsx';
import type { Recording } from '../../kernel/recording.ts';

/** Types that the file dialog offers; what is inside decides, not the name. Video because phones record it with sound. */
const accept = 'audio/*,video/webm,video/mp4,.wav,.mp3,.flac,.m4a,.aac,.ogg,.opus,.webm';

/** A file that the user gave, as a recording. */
export function recordingOf(file: File): Recording {
  return { kind: 'file', name: file.name, blob: file, origin: 'file' };
}

/** The first file of a drop or a paste. */
export function fileIn(transfer: DataTransfer | null): File | undefined {
  return transfer?.files[0];
}

/** A button that opens the system's file dialog. */
export function FileButton(props: { readonly label: string; readonly onPick: (recording: Recording) => void }) {
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
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file may be picked twice in a row, after it was changed on disk.
          event.currentTarget.value = '';
          if (file) props.onPick(recordingOf(file));
        }}
      />
    </>
  );
}
