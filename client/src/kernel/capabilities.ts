/** A module of one function that uses a v128 value: valid only where WebAssembly SIMD is. */
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Whether this browser can convert by itself: workers and WebAssembly SIMD, which the ONNX runtime needs. */
export function canConvertHere(): boolean {
  return typeof Worker === 'function' && typeof WebAssembly === 'object' && WebAssembly.validate(simdProbe);
}

/** Memory of the device in GiB where the browser tells (rounded, at most 8), else undefined. */
export function deviceMemoryGigabytes(): number | undefined {
  const memory: unknown = 'deviceMemory' in navigator ? navigator.deviceMemory : undefined;
  return typeof memory === 'number' ? memory : undefined;
}

/** Whether the user asked sites to spare their data plan. */
export function wantsToSaveData(): boolean {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined;
  return typeof connection === 'object' && connection !== null && 'saveData' in connection && !!connection.saveData;
}
