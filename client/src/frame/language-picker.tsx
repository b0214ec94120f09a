import { For } from 'solid-js';
import { en } from '../i18n/en.ts';
import { language, switchLanguage, t } from '../i18n/index.ts';
import { languages } from '../i18n/language.ts';
import { vi } from '../i18n/vi.ts';
import styles from './language-picker.module.css';

const ownNames = { vi: vi.languageName, en: en.languageName };

/** The interface's languages, each by its own name. */
export function LanguagePicker() {
  return (
    <fieldset class={styles.languages} aria-label={t().chooseLanguage}>
      <For each={languages}>
        {(each) => (
          <button
            type="button"
            lang={each}
            aria-pressed={language() === each}
            title={ownNames[each]}
            onClick={() => switchLanguage(each)}
          >
            <span aria-hidden="true">{each.toUpperCase()}</span>
            <span class="visually-hidden">{ownNames[each]}</span>
          </button>
        )}
      </For>
    </fieldset>
  );
}
