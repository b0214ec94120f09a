import { useNavigate } from '@solidjs/router';
import { useApp } from '../../app-context.ts';
import page from '../shared/page.module.css';
import { MakerCard } from './maker-card.tsx';
import type { SavedVoiceItem } from './saved-voices.ts';
import { VoiceList } from './voice-list.tsx';
import { createVoicesModel } from './voices-model.ts';
import { words } from './words.ts';

/** The screen "Giọng": voices of one's own, made from recordings and kept. */
export default function VoicesPage() {
  const { services, convert } = useApp();
  const navigate = useNavigate();
  const model = createVoicesModel(services);

  async function use(item: SavedVoiceItem): Promise<void> {
    convert.chooseVoice(await model.saved.recordingOf(item));
    navigate('/');
  }

  return (
    <>
      <header class={page.hero}>
        <h1>{words().title}</h1>
        <p>{words().lead}</p>
      </header>
      <div class={page.cards}>
        <MakerCard model={model} />
        <VoiceList model={model} onUse={use} />
      </div>
    </>
  );
}
