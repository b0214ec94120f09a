import { GiongError, UnavailableError } from '../errors.ts';

/** Words of ONNX Runtime, native or WebAssembly, for a graph that it reads but has no means to run: a later opset, an unknown operator. */
const unsupported = /opset|No Op registered|Unsupported model IR|NOT_IMPLEMENTED|Could not find an implementation/i;

/** Words for memory that cannot be had; the last two are sizes beyond what 32 bits address. */
const exhausted =
  /bad_alloc|out of memory|\bOOM\b|failed to allocate|allocation failed|cannot enlarge memory|Integer overflow|shape is too large/i;

/** Why a session could not be made, as a decision for the caller. */
export function sessionError(cause: unknown): GiongError {
  const words = String(cause);
  if (exhausted.test(words)) return new UnavailableError('memory-exhausted', {}, { cause });
  if (unsupported.test(words)) return new UnavailableError('model-unsupported', {}, { cause });
  return new UnavailableError('model-corrupt', {}, { cause });
}

/** Why a run failed: want of memory, or what ONNX Runtime threw. */
export function runError(cause: unknown): unknown {
  if (cause instanceof GiongError || !exhausted.test(String(cause))) return cause;
  return new UnavailableError('memory-exhausted', {}, { cause });
}
