import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const demoStateSchema = z.object({
  version: z.literal(1),
  password: z.string().min(1),
  syncId: z.string().min(1),
  port: z.number(),
});

/** What a demo that is complete is found again by: it is written when the budget is on the server. */
export type DemoState = z.infer<typeof demoStateSchema>;

const fileIn = (folder: string) => path.join(folder, 'demo.json');

/** Undefined where there is no demo, or none that was completed. */
export async function readDemoState(folder: string): Promise<DemoState | undefined> {
  try {
    return demoStateSchema.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')));
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** All of it or nothing, and on the disk; for the owner's eyes only. */
export async function writeDemoState(folder: string, state: DemoState): Promise<void> {
  const file = fileIn(folder);
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
