export interface AudioDevice {
  readonly id: string;
  readonly label: string;
}

export interface AudioDevices {
  readonly inputs: readonly AudioDevice[];
  readonly outputs: readonly AudioDevice[];
}

/** Devices have names only once the microphone was allowed. */
export async function listDevices(): Promise<AudioDevices> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && device.label)
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { inputs: of('audioinput'), outputs: of('audiooutput') };
}

/** Whether a device's name tells of headphones. */
export function namesHeadphones(label: string): boolean {
  return /head(phone|set)|ear(phone|buds?|pods?)|airpods|buds|tai nghe/i.test(label);
}
