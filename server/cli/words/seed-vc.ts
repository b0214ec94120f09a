import type { Language } from '../../language.ts';

const vietnamese = {
  diffusionSteps: 'Seed-VC: số bước khuếch tán, 1 đến 100; nhiều bước thì chậm mà sạch hơn (mặc định 10)',
  lengthAdjust: 'Seed-VC: độ dài kết quả so với nguồn, 0.5 đến 2 (mặc định 1)',
  inferenceCfgRate: 'Seed-VC: mức bám theo giọng mới, 0 đến 1; 0 thì nhanh gấp đôi (mặc định 0.7)',
  guidanceEvery:
    'Seed-VC: cứ chừng ấy bước tính lại mức bám một lần, 1 đến 4; 2 nhanh hơn, kết quả hơi khác (mặc định 1)',
  f0Condition: 'Seed-VC: theo giai điệu của nguồn (chỉ và luôn đúng với seed-vc-hifi)',
  autoF0Adjust: 'seed-vc-hifi: dời cao độ trung vị của nguồn về cao độ của giọng mới (mặc định false)',
  semitoneShift: 'seed-vc-hifi: dời cao độ thêm chừng ấy nửa cung, −24 đến 24',
};

const english: typeof vietnamese = {
  diffusionSteps: 'Seed-VC: steps of the diffusion, 1 to 100; more are slower and cleaner (default 10)',
  lengthAdjust: "Seed-VC: length of the result over the source's, 0.5 to 2 (default 1)",
  inferenceCfgRate: 'Seed-VC: how much the voice is insisted on, 0 to 1; 0 halves the work (default 0.7)',
  guidanceEvery:
    'Seed-VC: at each which step that is computed anew, 1 to 4; 2 is faster, a little different (default 1)',
  f0Condition: "Seed-VC: follow the source's melody (true of seed-vc-hifi, false of the others)",
  autoF0Adjust: "seed-vc-hifi: move the source's median pitch to the voice's (default false)",
  semitoneShift: 'seed-vc-hifi: move the pitch by so many semitones, -24 to 24',
};

export const seedVcWords: Readonly<Record<Language, Readonly<typeof vietnamese>>> = { vi: vietnamese, en: english };
