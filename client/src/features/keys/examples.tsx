import { createSignal, Show } from 'solid-js';
import { CopyButton } from '../../components/copy-button.tsx';
import { Segmented } from '../../components/segmented.tsx';
import cards from '../shared/cards.module.css';
import { type ExampleLanguage, exampleCode, exampleLanguages, languageNames } from './example-code.ts';
import styles from './examples.module.css';
import { words } from './words.ts';

/** Whole programs to copy, with this server's address and, where there is one, the key just made. */
export function Examples(props: { readonly apiKey: string | undefined }) {
  const [chosen, setChosen] = createSignal<ExampleLanguage>('curl');
  const own = () => words().examples;
  const code = () =>
    exampleCode[chosen()]({
      server: location.origin,
      key: props.apiKey ?? own().keyPlaceholder,
      words: own(),
    });

  return (
    <section class={cards.card} aria-labelledby="examples">
      <header class={styles.header}>
        <h2 id="examples">{own().title}</h2>
        <a href="/api/docs" rel="external" class={styles.docs}>
          {words().docs}
        </a>
      </header>
      <Segmented
        label={own().language}
        labelHidden
        choices={exampleLanguages.map((value) => ({ value, label: languageNames[value] }))}
        value={chosen()}
        onChange={setChosen}
      />
      <div class={styles.needs}>
        <p>{own().needs[chosen()]}</p>
        <p>
          {own().recording(own().recordingFile)}{' '}
          <a href="/api/samples/sample-vietnamese/audio" rel="external" download={own().recordingFile}>
            {own().sample}
          </a>
        </p>
        <Show when={props.apiKey === undefined}>
          <p>{own().needsKey}</p>
        </Show>
      </div>
      <h3 class="visually-hidden">{own().code(languageNames[chosen()])}</h3>
      <pre class={styles.code}>
        <code>{code()}</code>
      </pre>
      <div>
        <CopyButton text={code()} label={words().copy} copied={words().copied} failed={words().copyFailed} />
      </div>
    </section>
  );
}
