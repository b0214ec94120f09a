import type { Config } from '../config.ts';
import type { LiveHub } from '../live/hub.ts';
import { ModelDownloads } from './downloads.ts';
import { EngineCatalogue } from './engines.ts';
import { ModelLibrary } from './library.ts';
import { viewModel } from './model-view.ts';

/** The server's models and what they make possible. */
export interface Models {
  readonly library: ModelLibrary;
  readonly downloads: ModelDownloads;
  readonly catalogue: EngineCatalogue;
}

/** Opens the server's models. What becomes of a download is told to everybody who listens: which models a server has is no secret. */
export async function openModels({ dataFolder, modelsBaseUrl }: Config, hub: LiveHub): Promise<Models> {
  const library = await ModelLibrary.open(dataFolder);
  const downloads = new ModelDownloads(library, { baseUrl: modelsBaseUrl });
  downloads.subscribe((status) => {
    hub.broadcast((language) => ({ type: 'model', model: viewModel(status, language) }));
  });
  downloads.watch();
  return { library, downloads, catalogue: new EngineCatalogue(library) };
}
