import { useApp } from '../../app-context.ts';
import { createKeysApi } from '../../kernel/keys-api.ts';
import page from '../shared/page.module.css';
import { DeliveryList } from './delivery-list.tsx';
import { Examples } from './examples.tsx';
import { KeyList } from './key-list.tsx';
import { createKeysModel } from './keys-model.ts';
import { NewKeyCard } from './new-key-card.tsx';
import { words } from './words.ts';

/** The screen "Khóa API": keys for the visitor's own programs, and programs that use them. */
export default function KeysPage() {
  const api = createKeysApi(useApp().services.transport);
  const model = createKeysModel(api);
  return (
    <>
      <header class={page.hero}>
        <h1>{words().title}</h1>
        <p>{words().lead}</p>
      </header>
      <div class={page.cards}>
        <NewKeyCard model={model} />
        <KeyList model={model} />
      </div>
      <Examples apiKey={model.created()?.key} />
      <DeliveryList api={api} />
    </>
  );
}
