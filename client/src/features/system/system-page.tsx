import { Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Notice } from '../../components/notice.tsx';
import { createSystemApi } from '../../kernel/system-api.ts';
import page from '../shared/page.module.css';
import { AdminCard } from './admin-card.tsx';
import { createAdminModel } from './admin-model.ts';
import { ChartsCard } from './charts-card.tsx';
import { DeviceCard } from './device-card.tsx';
import { createLiveModel } from './live-model.ts';
import { ModelsCard } from './models-card.tsx';
import { words } from './words.ts';

/** The screen "Hệ thống": how the server is, how this device is, and what may be done about both. */
export default function SystemPage() {
  const api = createSystemApi(useApp().services.transport);
  const live = createLiveModel(api);
  const admin = createAdminModel(api);
  return (
    <>
      <header class={page.hero}>
        <h1>{words().title}</h1>
        <p>{words().lead}</p>
      </header>
      <Show when={live.error()}>
        <Notice kind="problem" title={words().lost.title}>
          {words().lost.advice}
        </Notice>
      </Show>
      <ChartsCard live={live} />
      <div class={page.cards}>
        <div class={page.column}>
          <ModelsCard api={api} admin={admin.unlocked()} />
          <AdminCard model={admin} live={live} />
        </div>
        <DeviceCard api={api} />
      </div>
    </>
  );
}
