import { type Component, lazy } from 'solid-js';
import type { IconName } from '../components/icon.tsx';
import { ConvertPage } from '../features/convert/convert-page.tsx';
import type { vi } from './words.ts';

export interface Screen {
  readonly path: string;
  readonly name: keyof typeof vi.screens;
  readonly icon: IconName;
  /** The first screen comes with the app; the others are `lazy`, so that they cost nothing before they are opened. */
  readonly page: Component;
}

/** The screens in the order of the navigation. */
export const screens: readonly Screen[] = [
  { path: '/', name: 'convert', icon: 'arrow', page: ConvertPage },
  { path: '/live', name: 'live', icon: 'microphone', page: lazy(() => import('../features/live/live-page.tsx')) },
  {
    path: '/voices',
    name: 'voices',
    icon: 'voice',
    page: lazy(async () => ({ default: (await import('../features/voices/voices-page.tsx')).VoicesPage })),
  },
  {
    path: '/history',
    name: 'history',
    icon: 'history',
    page: lazy(() => import('../features/history/history-page.tsx')),
  },
  { path: '/system', name: 'system', icon: 'chart', page: lazy(() => import('../features/system/system-page.tsx')) },
  { path: '/keys', name: 'keys', icon: 'key', page: lazy(() => import('../features/keys/keys-page.tsx')) },
];
