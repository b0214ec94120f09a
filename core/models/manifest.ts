import { UnavailableError } from '../errors.ts';

/** A file of a model. */
export interface ModelFile {
  /** Below `models/`, in parts joined by `/`; the same below the folder of what was downloaded. */
  readonly path: string;
  readonly bytes: number;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  /** Where the file can be downloaded (`http:` or `https:`), when it does not come with the product. */
  readonly url?: string;
}

/** Weights that an engine needs. */
export interface Model {
  /** Lower-case letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** SPDX identifier of the weights' licence. */
  readonly licence: string;
  /** Where the weights come from: a folder of this project, or an address. */
  readonly source: string;
  /** The model card, below `models/`. */
  readonly card: string;
  readonly files: readonly ModelFile[];
}

/** All models that the product knows, and which of them each engine needs. */
export interface ModelManifest {
  readonly version: 1;
  readonly engines: Readonly<Record<string, readonly string[]>>;
  readonly models: readonly Model[];
}

/** Reads `models/manifest.json`. Throws `UnavailableError('model-corrupt')` when it is not what it should be. */
export function parseManifest(bytes: Uint8Array): ModelManifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new UnavailableError('model-corrupt', { name: 'manifest.json' }, { cause });
  }
  if (!isManifest(manifest)) throw new UnavailableError('model-corrupt', { name: 'manifest.json' });
  return manifest;
}

/** Reads the description of one model. Throws `UnavailableError('model-corrupt')` as `parseManifest`, and for files outside its own folder. */
export function parseModel(bytes: Uint8Array): Model {
  const text = new TextDecoder().decode(bytes);
  const wrapped = `{"version":1,"engines":{},"models":[${text}]}`;
  const { models } = parseManifest(new TextEncoder().encode(wrapped));
  const [model] = models;
  const isOwn = model?.files.every(({ path }) => path.startsWith(`${model.id}/`));
  if (!model || models.length !== 1 || !isOwn) throw new UnavailableError('model-corrupt', { name: 'manifest.json' });
  return model;
}

function isManifest(value: unknown): value is ModelManifest {
  return (
    isObject<ModelManifest>(value) &&
    value.version === 1 &&
    isObject<Record<string, unknown>>(value.engines) &&
    Object.values(value.engines).every((ids) => isArrayOf(ids, isText)) &&
    isArrayOf(value.models, isModel)
  );
}

function isModel(value: unknown): value is Model {
  if (!isObject<Model>(value)) return false;
  const { id, name, version, licence, source, card, files } = value;
  const areTexts = [name, version, licence, source, card].every(isText);
  return areTexts && isText(id) && /^[a-z0-9][a-z0-9._-]*$/.test(id) && isArrayOf(files, isFile);
}

function isFile(value: unknown): value is ModelFile {
  return (
    isObject<ModelFile>(value) &&
    isText(value.path) &&
    isPathBelow(value.path) &&
    Number.isSafeInteger(value.bytes) &&
    isText(value.sha256) &&
    /^[0-9a-f]{64}$/.test(value.sha256) &&
    (value.url === undefined || (isText(value.url) && /^https?:\/\//.test(value.url)))
  );
}

/** No part of the path is hidden or leads upwards, in any operating system. */
function isPathBelow(path: string): boolean {
  return path.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;

/** An object that may have the fields of `T`, whatever is in them. */
const isObject = <T>(value: unknown): value is Partial<Record<keyof T, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isArrayOf = <T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(isItem);
