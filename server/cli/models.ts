import { UnavailableError } from '#core/errors.ts';
import { parseConfig } from '../config.ts';
import type { Model } from '../http/api-types.ts';
import { ModelDownloads } from '../models/downloads.ts';
import { addExported } from '../models/exported.ts';
import { type FileCheck, ModelLibrary } from '../models/library.ts';
import { viewModel } from '../models/model-view.ts';
import { type DataFlag, dataFolderOf } from './data-folder.ts';
import { about, exitCodes, UsageError, type Voice } from './outcome.ts';
import { startProgress } from './progress.ts';
import { modelWords } from './words/models.ts';
import type { Words } from './words.ts';

const open = (flags: DataFlag) => ModelLibrary.open(dataFolderOf(flags));

/** `giong models list`. */
export async function listModels(flags: DataFlag, { language, json }: Voice): Promise<void> {
  const statuses = await new ModelDownloads(await open(flags)).list();
  const models = statuses.map((status) => viewModel(status, language));
  if (json) console.log(JSON.stringify({ models }));
  else for (const model of models) console.log(lineOf(model, language));
}

/** `giong models pull`. Throws `InputError('not-found')`, `UnavailableError`, `CancelledError` after an interrupt. */
export async function pullModel(
  id: string,
  { baseUrl, ...flags }: DataFlag & { readonly baseUrl?: string },
  { language, json }: Voice,
  words: Words,
): Promise<void> {
  if (baseUrl !== undefined && !/^https?:\/\//.test(baseUrl)) throw new UsageError('--base-url');
  const { modelsBaseUrl } = parseConfig(process.env);
  const downloads = new ModelDownloads(await open(flags), { baseUrl: baseUrl ?? modelsBaseUrl });
  const progress = await startProgress({ ...words, converting: modelWords[language].downloading });
  downloads.subscribe((status) => progress.update(viewModel(status, language).progress ?? 0));
  const onInterrupt = () => void downloads.stop();
  process.on('SIGINT', onInterrupt);
  try {
    await about(id, downloads.download(id));
  } finally {
    progress.stop();
    process.off('SIGINT', onInterrupt);
  }
  const model = viewModel(await downloads.status(id), language);
  if (json) console.log(JSON.stringify(model));
  else console.log(`${modelWords[language].pulled} ${lineOf(model, language)}`);
}

/**
 * `giong models add`: what the exporter wrote, or files of models that the manifest names. Throws `UnavailableError('model-missing')`
 * when the folder holds no model whole, `'model-corrupt'` for one that is not what its description says.
 */
export async function addModels(folder: string, flags: DataFlag, { language, json }: Voice): Promise<void> {
  const library = await open(flags);
  const added = await addExported(library, folder);
  for (const model of library.models) {
    if ((await library.placeOf(model)) === 'missing' && (await library.add(model, folder))) added.push(model.id);
  }
  if (added.length === 0) await about(folder, Promise.reject(new UnavailableError('model-missing')));
  if (json) console.log(JSON.stringify({ added }));
  else for (const id of added) console.log(`${modelWords[language].pulled} ${id}`);
}

/** `giong models remove`. Throws `InputError('not-found' | 'forbidden')`; what comes with the program stays. */
export async function removeModel(id: string, flags: DataFlag, { language, json }: Voice): Promise<void> {
  const library = await open(flags);
  await about(id, (async () => library.remove(library.find(id)))());
  if (json) console.log(JSON.stringify({ removed: id }));
  else console.log(`${modelWords[language].removed} ${id}`);
}

/** `giong models verify`. Exit code 1 when a file is damaged, or missing of a model that is here else. */
export async function verifyModels(flags: DataFlag, { language, json }: Voice): Promise<void> {
  const files = await (await open(flags)).verify();
  if (json) console.log(JSON.stringify({ files }));
  else for (const { state, path } of files) console.log(`${markOf(state)} ${path}: ${modelWords[language][state]}`);
  const here = new Set(files.filter(({ state }) => state !== 'missing').map(({ model }) => model));
  const isBad = ({ state, model }: FileCheck) => state === 'corrupt' || (state === 'missing' && here.has(model));
  if (files.some(isBad)) process.exitCode = exitCodes.failed;
}

function lineOf({ id, name, licence, bytes, state, progress }: Model, language: Voice['language']): string {
  const share = progress === null ? '' : ` ${Math.round(progress * 100)} %`;
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${id.padEnd(16)} ${modelWords[language][state]}${share} · ${name} · ${size} · ${licence}`;
}

function markOf(state: FileCheck['state']): string {
  return { good: '✓', missing: '–', corrupt: '✗' }[state];
}
