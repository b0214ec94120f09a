import type { ReceivedUpload } from '../uploads.ts';
import type { AppContext, Services } from './context.ts';
import type { FormRules } from './multipart.ts';
import { receiveUploads } from './routes/uploads.ts';
import { convertOptionsSchema } from './schemas.ts';

type FieldValue = string | number | boolean;

/** Text fields of a form, options as numbers and truth values where they read as such, and the ids of the uploads that its files became. */
export interface UploadForm {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** Whether the request comes as a form rather than as JSON. */
export function isForm(c: AppContext): boolean {
  return c.req.header('Content-Type')?.toLowerCase().startsWith('multipart/form-data') === true;
}

/** Takes in a form whose files become uploads; a form that `toRequest` refuses leaves none of them. */
export async function receiveUploadForm<Request>(
  c: AppContext,
  services: Services,
  fileFields: FormRules<ReceivedUpload>['fileFields'],
  toRequest: (form: UploadForm) => Request,
): Promise<Request> {
  const { fields, files } = await receiveUploads(c, services, fileFields);
  try {
    const ids = Object.entries(files).map(([field, uploads]) => [field, uploads.map(({ upload }) => upload.id)]);
    return toRequest({ fields: withValues(fields), ids: Object.fromEntries(ids) });
  } catch (error) {
    const workspaceId = await c.var.visitor.workspace();
    const received = Object.values(files).flat();
    await Promise.all(received.map((each) => services.uploads.discard(workspaceId, each)));
    throw error;
  }
}

/** A form knows only text: an option that reads as a number or a truth value becomes one. */
function withValues(fields: Readonly<Record<string, string>>): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [
      name,
      Object.hasOwn(convertOptionsSchema.shape, name) ? optionOf(text) : text,
    ]),
  );
}

function optionOf(text: string): FieldValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
