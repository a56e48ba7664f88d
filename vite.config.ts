import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const inPage = (file: string) => fileURLToPath(new URL(`src/ui/${file}`, import.meta.url));

/** The page at `/` and GraphiQL at `/playground`; `src/server/page.ts` serves what is built. */
export default defineConfig({
  root: inPage('.'),
  // A proxy may serve it under a path of its own.
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/ui', import.meta.url)),
    emptyOutDir: true,
    // GraphiQL's editor is some megabytes, which only who opens the playground loads.
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      input: [inPage('index.html'), inPage('playground.html')],
      // What GraphiQL consists of has directives for a compiler that is not used, and takes its seconds.
      checks: { moduleLevelDirective: false, bundlerTimings: false },
    },
  },
});
