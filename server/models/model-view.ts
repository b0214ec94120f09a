import { errorWording } from '#core/error-text.ts';
import type { Model } from '../http/api-types.ts';
import type { Language } from '../language.ts';
import type { ModelStatus } from './downloads.ts';

/** A model as the API shows it. */
export function viewModel({ model, engines, state, bytesLoaded, failure }: ModelStatus, language: Language): Model {
  const { id, name, version, licence } = model;
  const bytes = model.files.reduce((total, file) => total + file.bytes, 0);
  return {
    id,
    name,
    version,
    licence,
    bytes,
    files: model.files.map((file) => ({ path: file.path, bytes: file.bytes, sha256: file.sha256 })),
    engines: [...engines],
    state,
    progress: bytesLoaded === null ? null : bytes === 0 ? 1 : Math.min(1, bytesLoaded / bytes),
    error: failure && viewFailure(failure, language),
  };
}

function viewFailure({ code, details }: NonNullable<ModelStatus['failure']>, language: Language): Model['error'] {
  const { title, advice } = errorWording(code, language, details);
  return { code, title, detail: advice };
}
