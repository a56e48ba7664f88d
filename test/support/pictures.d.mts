import type { Open } from './pictured-demo.mjs';

export const pictureNames: readonly string[];

export function takePictures(open: Open): Promise<ReadonlyMap<string, Buffer>>;
