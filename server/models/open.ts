import type { Foundation } from '../foundation.ts';
import type { LiveHub } from '../live/hub.ts';
import { ModelDownloads } from './downloads.ts';
import { EngineCatalogue } from './engines.ts';
import { viewModel } from './model-view.ts';

/** The server's models and what they make possible. */
export interface Models {
  readonly downloads: ModelDownloads;
  readonly catalogue: EngineCatalogue;
}

/** Downloads and engines of the server. What becomes of a download is told to everybody who listens: which models a server has is no secret. */
export function openModels({ library, config }: Pick<Foundation, 'library' | 'config'>, hub: LiveHub): Models {
  const downloads = new ModelDownloads(library, { baseUrl: config.modelsBaseUrl });
  downloads.subscribe((status) => {
    hub.broadcast((language) => ({ type: 'model', model: viewModel(status, language) }));
  });
  downloads.watch();
  return { downloads, catalogue: new EngineCatalogue(library) };
}
