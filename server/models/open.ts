import type { Config } from '../config.ts';
import type { LiveHub } from '../live/hub.ts';
import { ModelDownloads } from './downloads.ts';
import { ModelLibrary } from './library.ts';
import { viewModel } from './model-view.ts';

/** The server's models. What becomes of a download is told to everybody who listens: which models a server has is no secret. */
export async function openModels({ dataFolder, modelsBaseUrl }: Config, hub: LiveHub): Promise<ModelDownloads> {
  const downloads = new ModelDownloads(await ModelLibrary.open(dataFolder), { baseUrl: modelsBaseUrl });
  downloads.subscribe((status) => {
    hub.broadcast((language) => ({ type: 'model', model: viewModel(status, language) }));
  });
  return downloads;
}
